/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.landing.LandingColumn;
import java.util.Arrays;
import java.util.List;

/**
 * What a row is told from others by, whichever file it stands in. Its UTC is not part of that: two compactions may compute it from
 * different samples of the node's clock.
 */
final class SameRow {

    private final NodeRow row;
    private final long[] numbers;
    private final int hash;

    SameRow(NodeRow row) {
        this.row = row;
        this.numbers = row.numbers().clone();
        // What was not seen by the boot clock, such as a gap that repair tells of, has but its UTC.
        List<LandingColumn> columns = row.table().columns();
        for (int i = 0; i < numbers.length && row.bootTime() != 0; i++) {
            numbers[i] = columns.get(i).isTime() ? 0 : numbers[i];
        }
        this.hash = 31 * (31 * Arrays.hashCode(numbers) + Arrays.hashCode(row.texts())) + Long.hashCode(row.bootTime());
    }

    NodeRow row() {
        return row;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SameRow same
                && hash == same.hash
                && row.bootTime() == same.row.bootTime()
                && row.node().equals(same.row.node())
                && Arrays.equals(numbers, same.numbers)
                && Arrays.equals(row.texts(), same.row.texts());
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
