/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a part's footer says of one type, so that most questions need no rows. Types of which nothing is left are there, too.
 *
 * @param firstRow of the type's rows, which are contiguous
 * @param firstObserved when the first version ever of the type was observed
 * @param firstChange when its first change in this part was observed; {@link Long#MAX_VALUE} if there is none
 * @param lastChange when its last change in this part was observed; {@link Long#MIN_VALUE} if there is none
 * @param startVersion the greatest resourceVersion of the parts before; {@code ""} if there is none
 * @param endVersion the greatest resourceVersion at the end of the part
 */
record TypeRange(
        ResourceType type,
        long firstRow,
        long rows,
        long firstObserved,
        long firstChange,
        long lastChange,
        String startVersion,
        String endVersion) {

    private static final int FIELDS = 9;

    /** The same type at the start of the next part, without rows. */
    TypeRange carried() {
        return new TypeRange(type, 0, 0, firstObserved, Long.MAX_VALUE, Long.MIN_VALUE, endVersion, endVersion);
    }

    /** The same type at the start of this part, without rows. */
    TypeRange before() {
        return new TypeRange(type, 0, 0, firstObserved, Long.MAX_VALUE, Long.MIN_VALUE, startVersion, startVersion);
    }

    boolean hasChanges() {
        return firstChange != Long.MAX_VALUE;
    }

    static String format(Collection<TypeRange> ranges) {
        StringBuilder text = new StringBuilder();
        for (TypeRange range : ranges) {
            text.append(range.type.group()).append('\t').append(range.type.resource());
            text.append('\t').append(range.firstRow).append('\t').append(range.rows);
            text.append('\t').append(range.firstObserved);
            text.append('\t').append(range.firstChange).append('\t').append(range.lastChange);
            text.append('\t').append(range.startVersion).append('\t').append(range.endVersion);
            text.append('\n');
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
            if (fields.length != FIELDS) {
                throw new IllegalArgumentException(
                        "a type has %d fields instead of %d".formatted(fields.length, FIELDS));
            }
            ranges.add(new TypeRange(
                    new ResourceType(fields[0], fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    Long.parseLong(fields[5]),
                    Long.parseLong(fields[6]),
                    fields[7],
                    fields[8]));
        }
        return ranges;
    }
}
