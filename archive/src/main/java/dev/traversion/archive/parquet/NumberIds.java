/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

/** Numbers the distinct values of a row group, as long as there are few. */
final class NumberIds {

    private static final int SPREAD = 0x9E3779B9;

    private final long[] keys;
    private final int[] slots;
    private final int[] ids;
    private final long[] distinct;
    private int size;

    private NumberIds(int count, int most) {
        int capacity = Integer.highestOneBit(Math.max(most, 8)) * 4;
        keys = new long[capacity];
        slots = new int[capacity];
        ids = new int[count];
        distinct = new long[most];
    }

    /** Null if more than {@code most} values are distinct. */
    static NumberIds of(long[] values, int count, int most) {
        NumberIds numbers = new NumberIds(count, most);
        for (int i = 0; i < count; i++) {
            int id = i > 0 && values[i] == values[i - 1] ? numbers.ids[i - 1] : numbers.id(values[i]);
            if (id < 0) {
                return null;
            }
            numbers.ids[i] = id;
        }
        return numbers;
    }

    private int id(long value) {
        int mask = slots.length - 1;
        int at = ((Long.hashCode(value) * SPREAD) >>> 7) & mask;
        // a slot holds an id and one more; 0 is free
        while (slots[at] != 0) {
            if (keys[at] == value) {
                return slots[at] - 1;
            }
            at = (at + 1) & mask;
        }
        if (size == distinct.length) {
            return -1;
        }
        keys[at] = value;
        distinct[size] = value;
        slots[at] = ++size;
        return size - 1;
    }

    int size() {
        return size;
    }

    /** At most how many bytes the ids take. */
    long idBytes() {
        return (long) ids.length * HybridRuns.bitWidth(size - 1) / Byte.SIZE;
    }

    /** The values, as a dictionary page holds them. */
    void writeEntries(ByteBuilder page) {
        for (int i = 0; i < size; i++) {
            page.writeLong(distinct[i]);
        }
    }

    /** The bit width and the ids, as a data page holds them. */
    void writeIds(ByteBuilder page) {
        int bitWidth = HybridRuns.bitWidth(size - 1);
        page.write(bitWidth);
        HybridRuns.encode(ids, ids.length, bitWidth, page);
    }
}
