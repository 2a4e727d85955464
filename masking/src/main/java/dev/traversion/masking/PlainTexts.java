/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import java.util.Arrays;

/**
 * Texts in which nothing is to be masked, found by their bytes: the arguments of a container are the same in every version of every pod.
 * Safe for concurrent use: entries are immutable, and one that another thread overwrites is looked at anew.
 */
final class PlainTexts {

    private static final int SLOTS = 1 << 12;
    static final int LONGEST_REMEMBERED = 512;

    private final byte[][] remembered = new byte[SLOTS][];

    boolean contains(byte[] bytes, int from, int to) {
        byte[] known = remembered[slot(bytes, from, to)];
        return known != null && Arrays.equals(known, 0, known.length, bytes, from, to);
    }

    void add(byte[] bytes, int from, int to) {
        if (to - from <= LONGEST_REMEMBERED) {
            remembered[slot(bytes, from, to)] = Arrays.copyOfRange(bytes, from, to);
        }
    }

    private static int slot(byte[] bytes, int from, int to) {
        int hash = PlainNames.hash(bytes, from, to);
        return (hash ^ (hash >>> 15)) & (SLOTS - 1);
    }
}
