/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.nio.charset.StandardCharsets;

/**
 * A column of words of a row group.
 *
 * @param entries array in which the distinct words lie as UTF-8
 * @param starts of each word in it, after its length of four bytes; and one more
 * @param ids by row, the word's number
 */
public record Words(byte[] entries, int[] starts, int[] ids) {

    /** Rows of empty words. */
    static Words none(int rows) {
        return new Words(new byte[0], new int[] {0, Integer.BYTES}, new int[rows]);
    }

    /** Number of distinct words. */
    public int size() {
        return starts.length - 1;
    }

    public int from(int id) {
        return starts[id];
    }

    public int to(int id) {
        return starts[id + 1] - Integer.BYTES;
    }

    public String word(int id) {
        return new String(entries, from(id), to(id) - from(id), StandardCharsets.UTF_8);
    }
}
