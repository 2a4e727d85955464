/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;

/**
 * What a part's footer says of one type, so that most questions need no rows.
 *
 * @param firstRow of the type's rows, which are contiguous
 * @param firstObserved when the oldest of them was observed, carry rows included
 * @param firstChange when its first change was observed; {@link Long#MAX_VALUE} if there is none
 * @param lastChange when its last change was observed; {@link Long#MIN_VALUE} if there is none
 */
record TypeRange(ResourceType type, long firstRow, long rows, long firstObserved, long firstChange, long lastChange) {

    boolean hasChanges() {
        return firstChange != Long.MAX_VALUE;
    }

    static String format(List<TypeRange> ranges) {
        StringBuilder text = new StringBuilder();
        for (TypeRange range : ranges) {
            text.append(range.type.group()).append('\t').append(range.type.resource());
            text.append('\t').append(range.firstRow).append('\t').append(range.rows);
            text.append('\t').append(range.firstObserved);
            text.append('\t')
                    .append(range.firstChange)
                    .append('\t')
                    .append(range.lastChange)
                    .append('\n');
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException if it is no such text */
    static List<TypeRange> parse(String text) {
        List<TypeRange> ranges = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.isEmpty()) {
                continue;
            }
            String[] fields = line.split("\t", -1);
            if (fields.length != 7) {
                throw new IllegalArgumentException("a type has " + fields.length + " fields instead of 7");
            }
            ranges.add(new TypeRange(
                    new ResourceType(fields[0], fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    Long.parseLong(fields[5]),
                    Long.parseLong(fields[6])));
        }
        return ranges;
    }
}
