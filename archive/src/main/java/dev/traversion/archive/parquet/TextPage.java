/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

/** A decompressed page of a text column. Its values are slices of one array. */
public final class TextPage {

    private final byte[] bytes;
    private final int firstRow;
    private final int[] starts;

    /** @param starts of the values, and one more: where another would start */
    TextPage(byte[] bytes, int firstRow, int[] starts) {
        this.bytes = bytes;
        this.firstRow = firstRow;
        this.starts = starts;
    }

    /** The array all values lie in. Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where a row's value begins. Rows count within the row group. */
    public int from(int row) {
        return starts[row - firstRow];
    }

    /** Where it ends, exclusive. */
    public int to(int row) {
        return starts[row - firstRow + 1] - Integer.BYTES;
    }

    public int length(int row) {
        return to(row) - from(row);
    }

    /** About how much memory it takes. */
    public long weight() {
        return bytes.length + Integer.BYTES * (long) starts.length + 64;
    }
}
