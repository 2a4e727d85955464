/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

/** The rows of one block, by columns. */
public final class LandedRows {

    private final LandingTable table;
    private final int rows;
    private final long[][] numbers;
    private final String[][] words;

    LandedRows(LandingTable table, int rows, long[][] numbers, String[][] words) {
        this.table = table;
        this.rows = rows;
        this.numbers = numbers;
        this.words = words;
    }

    public LandingTable table() {
        return table;
    }

    public int rows() {
        return rows;
    }

    /** A number, 0 if the writer did not know the column. */
    public long number(int row, int column) {
        long[] values = numbers[column];
        return values == null ? 0 : values[row];
    }

    /** A text, empty if the writer did not know the column. */
    public String text(int row, int column) {
        String[] known = words[column];
        return known == null ? "" : known[(int) numbers[column][row]];
    }
}
