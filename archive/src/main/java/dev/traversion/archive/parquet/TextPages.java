/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Where the pages of a text column of a row group lie, and the way to them. Safe for concurrent use. */
public final class TextPages {

    private final String file;
    private final MemorySegment data;
    private final int count;
    private final long[] offset;
    private final int[] bytes;
    private final int[] rawBytes;
    private final int[] crc;
    private final int[] firstRow;

    private TextPages(
            String file,
            MemorySegment data,
            int count,
            long[] offset,
            int[] bytes,
            int[] rawBytes,
            int[] crc,
            int[] firstRow) {
        this.file = file;
        this.data = data;
        this.count = count;
        this.offset = offset;
        this.bytes = bytes;
        this.rawBytes = rawBytes;
        this.crc = crc;
        this.firstRow = firstRow;
    }

    static TextPages scan(String file, MemorySegment data, long from, long end, int rows) {
        int capacity = 16;
        long[] offset = new long[capacity];
        int[] bytes = new int[capacity];
        int[] rawBytes = new int[capacity];
        int[] crc = new int[capacity];
        int[] firstRow = new int[capacity + 1];
        int count = 0;
        PageHeader.Reader headers = new PageHeader.Reader(data, from, end);
        while (!headers.isAtEnd()) {
            long at = headers.position();
            PageHeader header = headers.next();
            if (header == null
                    || header.dictionary()
                    || header.encoding() != PageHeader.PLAIN
                    || header.values() > rows - firstRow[count]) {
                throw Damage.in(file, at, "no page header is there");
            }
            if (count == capacity) {
                capacity *= 2;
                offset = Arrays.copyOf(offset, capacity);
                bytes = Arrays.copyOf(bytes, capacity);
                rawBytes = Arrays.copyOf(rawBytes, capacity);
                crc = Arrays.copyOf(crc, capacity);
                firstRow = Arrays.copyOf(firstRow, capacity + 1);
            }
            offset[count] = headers.position();
            bytes[count] = header.bytes();
            rawBytes[count] = header.rawBytes();
            crc[count] = header.crc();
            firstRow[count + 1] = firstRow[count] + header.values();
            count++;
            headers.skip(header.bytes());
        }
        if (firstRow[count] != rows) {
            throw Damage.in(file, from, "its pages hold %d rows instead of %d".formatted(firstRow[count], rows));
        }
        return new TextPages(file, data, count, offset, bytes, rawBytes, crc, firstRow);
    }

    public int count() {
        return count;
    }

    /** The page that holds a row of the row group. */
    public int pageOf(int row) {
        int found = Arrays.binarySearch(firstRow, 0, count, row);
        return found >= 0 ? found : -found - 2;
    }

    /** The first row of a page; for {@link #count()} the number of rows. */
    public int firstRow(int page) {
        return firstRow[page];
    }

    /**
     * Reads, checks and decompresses a page.
     *
     * @param buffer to be used if it is large enough, else, or if null, a fresh array is
     */
    public TextPage read(int page, byte[] buffer) {
        byte[] content = PageInflater.inflate(file, data, offset[page], bytes[page], rawBytes[page], crc[page], buffer);
        int rows = firstRow[page + 1] - firstRow[page];
        int[] starts = new int[rows + 1];
        int at = Integer.BYTES;
        for (int row = 0; row < rows; row++) {
            int length = at <= rawBytes[page] ? ByteBuilder.intAt(content, at - Integer.BYTES) : -1;
            if (length < 0 || length > rawBytes[page] - at) {
                throw Damage.in(file, offset[page], "the page does not hold its rows");
            }
            starts[row] = at;
            at += length + Integer.BYTES;
        }
        if (at - Integer.BYTES != rawBytes[page]) {
            throw Damage.in(file, offset[page], "the page holds more than its rows");
        }
        starts[rows] = at;
        return new TextPage(content, firstRow[page], starts);
    }

    /** About how much memory it takes. */
    public long weight() {
        return 100 + 28L * offset.length;
    }
}
