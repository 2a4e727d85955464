/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import dev.traversion.archive.encoding.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of one table on their way to a file: set a row's columns, then {@link #endRow()}. What is not set is 0 or empty. Memory is
 * bounded by {@link #isFull()}, and is reused after {@link #clear()}. For one thread.
 */
public final class RowBlock {

    private static final int MOST_WORD_BYTES = 2 << 20;
    private static final byte[] EMPTY = {};

    private final LandingTable table;
    private final long[][] values;
    private final WordTable[] words;
    private int rows;

    public RowBlock(LandingTable table) {
        this.table = table;
        List<LandingColumn> columns = table.columns();
        values = new long[columns.size()][256];
        words = new WordTable[columns.size()];
        for (int i = 0; i < words.length; i++) {
            if (columns.get(i).isText()) {
                words[i] = new WordTable();
            }
        }
        clear();
    }

    public LandingTable table() {
        return table;
    }

    public int rows() {
        return rows;
    }

    /** Whether it must be written, and cleared, before another row begins. */
    public boolean isFull() {
        return rows == LandingFormat.MOST_ROWS || wordBytes() > MOST_WORD_BYTES;
    }

    public void set(int column, long value) {
        values[column][rows] = value;
    }

    /** Sets a column to a text of UTF-8 bytes, which are copied. */
    public void set(int column, byte[] bytes, int offset, int length) {
        values[column][rows] = words[column].number(bytes, offset, length);
    }

    public void set(int column, byte[] bytes) {
        set(column, bytes, 0, bytes.length);
    }

    public void set(int column, String text) {
        set(column, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The row is complete; the next one begins. */
    public void endRow() {
        if (isFull()) {
            throw new IllegalStateException("the block is full");
        }
        rows++;
        if (rows == values[0].length && rows < LandingFormat.MOST_ROWS) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Arrays.copyOf(values[i], rows * 2);
            }
        }
        beginRow();
    }

    public void clear() {
        rows = 0;
        for (WordTable table : words) {
            if (table != null) {
                table.clear();
                // so that what is not set is number 0, which is the empty text
                table.number(EMPTY, 0, 0);
            }
        }
        beginRow();
    }

    /** Writes all columns in the stored form. */
    void encode(ByteSink target, ByteSink scratch) {
        for (int i = 0; i < values.length; i++) {
            scratch.clear();
            int encoding = encodeColumn(i, scratch);
            target.writeVarint(i);
            target.writeByte(encoding);
            target.writeVarint(scratch.length());
            target.write(scratch.array(), 0, scratch.length());
        }
    }

    private int encodeColumn(int column, ByteSink target) {
        long[] numbers = values[column];
        if (words[column] != null) {
            words[column].writeTo(target);
            for (int i = 0; i < rows; i++) {
                target.writeVarint(numbers[i]);
            }
            return LandingFormat.WORDS;
        }
        boolean constant = true;
        long plain = 0;
        long deltas = 0;
        long before = 0;
        for (int i = 0; i < rows; i++) {
            constant &= numbers[i] == numbers[0];
            plain += ByteSink.signedBytes(numbers[i]);
            deltas += ByteSink.signedBytes(numbers[i] - before);
            before = numbers[i];
        }
        if (constant) {
            target.writeSigned(numbers[0]);
            return LandingFormat.CONSTANT;
        }
        boolean delta = deltas < plain;
        before = 0;
        for (int i = 0; i < rows; i++) {
            target.writeSigned(delta ? numbers[i] - before : numbers[i]);
            before = numbers[i];
        }
        return delta ? LandingFormat.DELTA : LandingFormat.PLAIN;
    }

    private void beginRow() {
        if (rows < values[0].length) {
            for (long[] column : values) {
                column[rows] = 0;
            }
        }
    }

    private int wordBytes() {
        int bytes = 0;
        for (WordTable table : words) {
            bytes += table == null ? 0 : table.size();
        }
        return bytes;
    }
}
