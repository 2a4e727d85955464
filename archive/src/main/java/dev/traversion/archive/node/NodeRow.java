/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.landing.LandingTable;

/**
 * A row of a table of nodes. Its values are by the ids of {@link LandingTable#columns()}; times are nanoseconds UTC.
 *
 * @param node where it was seen
 * @param bootTime the boot clock's time of its first column, as the node wrote it
 * @param numbers 0 where the column is a text
 * @param texts null where the column is a number
 */
@SuppressWarnings("ArrayRecordComponent") // made once a row and never compared
public record NodeRow(LandingTable table, String node, long bootTime, long[] numbers, String[] texts) {

    /** When it happened, ns UTC: of a gap, when it began. */
    public long time() {
        return numbers[0];
    }

    /** @throws IllegalArgumentException if the table has no such column */
    public long number(String column) {
        return numbers[table.column(column)];
    }

    /** @throws IllegalArgumentException if the table has no such column */
    public String text(String column) {
        return texts[table.column(column)];
    }
}
