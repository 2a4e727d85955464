/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The first key of each row group, from the footer: tells which one holds a key. */
final class GroupKeys {

    private final List<ResourceType> types = new ArrayList<>();
    private final List<byte[]> paths = new ArrayList<>();
    // by row group, and one more: its first row in the file
    private long[] firstRow = {0};

    /** @throws IllegalArgumentException if it is no such text */
    static GroupKeys parse(String text) {
        GroupKeys keys = new GroupKeys();
        for (String line : text.split("\n")) {
            if (!line.isEmpty()) {
                String[] fields = line.split("\t", -1);
                if (fields.length != 4) {
                    throw new IllegalArgumentException("a row group has " + fields.length + " fields instead of 4");
                }
                int groups = keys.types.size();
                keys.firstRow = Arrays.copyOf(keys.firstRow, groups + 2);
                keys.firstRow[groups + 1] = keys.firstRow[groups] + Long.parseLong(fields[0]);
                keys.types.add(new ResourceType(fields[1], fields[2]));
                keys.paths.add(fields[3].getBytes(StandardCharsets.UTF_8));
            }
        }
        return keys;
    }

    /** The row group in which a key lies, if it is in the part; -1 if it is before all of them. */
    int find(ResourceType type, byte[] path) {
        int low = 0;
        int high = types.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = types.get(middle).compareTo(type);
            if (order == 0) {
                order = Arrays.compareUnsigned(paths.get(middle), path);
            }
            if (order <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The first row group with rows of a type. */
    int firstOf(TypeRange range) {
        return groupOf(range.firstRow());
    }

    /** The row group after the last with rows of a type. */
    int endOf(TypeRange range) {
        return range.rows() == 0 ? firstOf(range) : groupOf(range.firstRow() + range.rows() - 1) + 1;
    }

    private int groupOf(long row) {
        int found = Arrays.binarySearch(firstRow, row);
        return found >= 0 ? found : -found - 2;
    }
}
