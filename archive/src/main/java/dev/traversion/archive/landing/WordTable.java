/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import dev.traversion.archive.encoding.ByteSink;
import java.util.Arrays;

/** Distinct texts, numbered as they come; looked up by their bytes, without making objects of them. */
final class WordTable {

    private byte[] bytes = new byte[1 << 10];
    private int[] ends = new int[64];
    private int[] slots = new int[128];
    private int count;

    /** How many bytes all of them have together. */
    int size() {
        return count == 0 ? 0 : ends[count - 1];
    }

    void clear() {
        count = 0;
        Arrays.fill(slots, 0);
    }

    /** The number of a text. */
    int number(byte[] source, int offset, int length) {
        int mask = slots.length - 1;
        int slot = hash(source, offset, length) & mask;
        while (slots[slot] != 0) {
            int known = slots[slot] - 1;
            if (Arrays.equals(bytes, start(known), ends[known], source, offset, offset + length)) {
                return known;
            }
            slot = (slot + 1) & mask;
        }
        return add(slot, source, offset, length);
    }

    void writeTo(ByteSink target) {
        target.writeVarint(count);
        for (int i = 0; i < count; i++) {
            target.writeVarint(ends[i] - start(i));
            target.write(bytes, start(i), ends[i] - start(i));
        }
    }

    private int add(int slot, byte[] source, int offset, int length) {
        int start = size();
        if (bytes.length - start < length) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(start, length), bytes.length * 2));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        System.arraycopy(source, offset, bytes, start, length);
        ends[count] = start + length;
        slots[slot] = ++count;
        if (count * 2 > slots.length) {
            rehash();
        }
        return count - 1;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int i = 0; i < count; i++) {
            int slot = hash(bytes, start(i), ends[i] - start(i)) & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = i + 1;
        }
    }

    private int start(int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    private static int hash(byte[] source, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + source[i];
        }
        hash *= 0x9E3779B1;
        return hash ^ hash >>> 15;
    }
}
