/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import dev.traversion.archive.TraversionException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * A Parquet file of {@link ParquetWriter}, mapped. It stays mapped as long as anything read from it is in use, also after the
 * file is deleted. Every byte that is read is checked. Safe for concurrent use.
 */
public final class ParquetFile {

    private static final int TAIL = Integer.BYTES + ParquetWriter.MAGIC.length;
    private static final int NAME_CRC = 8;

    private final String name;
    private final MemorySegment data;
    private final TableSchema schema;
    private final Map<String, String> properties = new HashMap<>();
    private final int[] groupRows;
    // by row group and column
    private final long[][] chunkStart;
    private final long[][] chunkEnd;

    private ParquetFile(String name, MemorySegment data, TableSchema schema, FileMetaData meta) {
        this.name = name;
        this.data = data;
        this.schema = schema;
        for (KeyValue pair : meta.isSetKey_value_metadata() ? meta.getKey_value_metadata() : List.<KeyValue>of()) {
            properties.put(pair.getKey(), pair.getValue());
        }
        List<RowGroup> groups = meta.getRow_groups();
        groupRows = new int[groups.size()];
        chunkStart = new long[groups.size()][];
        chunkEnd = new long[groups.size()][];
        for (int g = 0; g < groupRows.length; g++) {
            RowGroup group = groups.get(g);
            groupRows[g] = (int) group.getNum_rows();
            int columns = group.getColumnsSize();
            if (groupRows[g] != group.getNum_rows() || groupRows[g] < 0 || columns < schema.original()) {
                throw undescribed();
            }
            chunkStart[g] = new long[columns];
            chunkEnd[g] = new long[columns];
            for (int c = 0; c < columns; c++) {
                place(g, c, group.getColumns().get(c).getMeta_data());
            }
        }
    }

    private void place(int group, int column, ColumnMetaData chunk) {
        if (chunk == null) {
            throw undescribed();
        }
        long start =
                chunk.isSetDictionary_page_offset() ? chunk.getDictionary_page_offset() : chunk.getData_page_offset();
        long bytes = chunk.getTotal_compressed_size();
        if (start < 0 || bytes < 0 || start > data.byteSize() || bytes > data.byteSize() - start) {
            throw undescribed();
        }
        chunkStart[group][column] = start;
        chunkEnd[group][column] = start + bytes;
    }

    private TraversionException undescribed() {
        return Damage.in(name, data.byteSize(), "its footer does not describe its rows");
    }

    /**
     * Maps a file and reads its footer.
     *
     * @param path of the file or of a copy of it
     * @param name the name it is stored under, with its folder: for messages, and because it ends in the footer's checksum
     * @param schema the columns it must have; it may have more
     * @throws TraversionException if it is damaged
     */
    public static ParquetFile open(Path path, String name, TableSchema schema) throws IOException {
        MemorySegment data;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            data = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
        try {
            FileMetaData meta = footer(name, data);
            checkSchema(name, data, schema, meta);
            return new ParquetFile(name, data, schema, meta);
        } catch (InternalError e) {
            throw Damage.in(name, data.byteSize(), "its end cannot be read");
        }
    }

    private static FileMetaData footer(String name, MemorySegment data) {
        long size = data.byteSize();
        int magic = ParquetWriter.MAGIC.length;
        if (size < magic + TAIL) {
            throw Damage.in(name, size, "it ends there");
        }
        if (!Arrays.equals(ParquetWriter.MAGIC, bytes(data, 0, magic))) {
            throw Damage.in(name, 0, "it is no Parquet file");
        }
        byte[] tail = bytes(data, size - TAIL, TAIL);
        int length = ByteBuilder.intAt(tail, 0);
        if (length < 0 || length > size - TAIL - magic) {
            throw Damage.in(name, size - TAIL, "its footer is not there, as if it had been cut short");
        }
        long start = size - TAIL - length;
        byte[] footer = bytes(data, start, length + TAIL);
        CRC32C crc = new CRC32C();
        crc.update(footer);
        if ((int) crc.getValue() != nameCrc(name)) {
            throw Damage.in(name, start, "the footer's checksum is not the one in the file's name");
        }
        try {
            return Util.readFileMetaData(new ByteArrayInputStream(footer, 0, length), Math.max(length, 1));
        } catch (IOException | RuntimeException e) {
            throw Damage.in(name, start, "its footer cannot be read (" + e.getMessage() + ")");
        }
    }

    private static int nameCrc(String name) {
        int end = name.lastIndexOf('.');
        String digits = end < NAME_CRC ? "" : name.substring(end - NAME_CRC, end);
        try {
            return HexFormat.fromHexDigits(digits);
        } catch (IllegalArgumentException e) {
            throw new TraversionException(
                    name + " does not end in the checksum of its footer, so it is no file of a recording.", e);
        }
    }

    private static void checkSchema(String name, MemorySegment data, TableSchema schema, FileMetaData meta) {
        List<SchemaElement> wanted = schema.toParquet();
        List<SchemaElement> found = meta.getSchema();
        // Further columns may follow those which this version knows, and later ones may be missing.
        int common = Math.min(found.size(), wanted.size());
        if (common < schema.originals().toParquet().size()
                || !wanted.subList(1, common).equals(found.subList(1, common))) {
            throw Damage.in(name, data.byteSize(), "it has other columns than this table");
        }
    }

    /** The name it is stored under. */
    public String name() {
        return name;
    }

    public long bytes() {
        return data.byteSize();
    }

    /** What the footer says beside the format. */
    public Map<String, String> properties() {
        return properties;
    }

    /** Number of row groups. */
    public int groups() {
        return groupRows.length;
    }

    public int rows(int group) {
        return groupRows[group];
    }

    /** All 0 if the file is older than the column. */
    public long[] longs(int group, String column) {
        int rows = groupRows[group];
        int c = index(column);
        if (c >= chunkStart[group].length) {
            return new long[rows];
        }
        PageHeader.Reader headers = new PageHeader.Reader(data, chunkStart[group][c], chunkEnd[group][c]);
        Content first = nextPage(headers);
        Content page = first.dictionary ? nextPage(headers, false, PageHeader.RLE_DICTIONARY) : first;
        if (page.values != rows || !headers.isAtEnd()) {
            throw Damage.in(name, page.offset, "the column has other rows than its row group");
        }
        if (first.dictionary) {
            return numbers(first, ids(page, first.values, rows));
        }
        boolean isPlain = page.encoding == PageHeader.PLAIN && page.length == (long) rows * Long.BYTES;
        if (isPlain) {
            return numbers(page.bytes, rows);
        }
        long[] values = new long[rows];
        if (page.encoding != PageHeader.DELTA_BINARY_PACKED || !Differences.decode(page.bytes, page.length, values)) {
            throw Damage.in(name, page.offset, "the column does not hold its rows");
        }
        return values;
    }

    private static long[] numbers(byte[] bytes, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = ByteBuilder.longAt(bytes, i * Long.BYTES);
        }
        return values;
    }

    private long[] numbers(Content dictionary, int[] ids) {
        if (dictionary.length != (long) dictionary.values * Long.BYTES) {
            throw Damage.in(name, dictionary.offset, "the dictionary does not hold its numbers");
        }
        long[] known = numbers(dictionary.bytes, dictionary.values);
        long[] values = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            values[i] = known[ids[i]];
        }
        return values;
    }

    public int[] ints(int group, String column) {
        int rows = groupRows[group];
        Content page = onlyPage(group, column, PageHeader.PLAIN, rows, (long) rows * Integer.BYTES);
        int[] values = new int[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = ByteBuilder.intAt(page.bytes, i * Integer.BYTES);
        }
        return values;
    }

    public boolean[] booleans(int group, String column) {
        int rows = groupRows[group];
        Content page = onlyPage(group, column, PageHeader.PLAIN, rows, ((long) rows + Byte.SIZE - 1) / Byte.SIZE);
        boolean[] values = new boolean[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = (page.bytes[i / Byte.SIZE] >> (i % Byte.SIZE) & 1) != 0;
        }
        return values;
    }

    /** All {@code ""} if the file is older than the column. */
    public Words words(int group, String column) {
        int c = index(column);
        int rows = groupRows[group];
        if (c >= chunkStart[group].length) {
            return Words.none(rows);
        }
        PageHeader.Reader headers = new PageHeader.Reader(data, chunkStart[group][c], chunkEnd[group][c]);
        Content dictionary = nextPage(headers, true, PageHeader.PLAIN);
        Content page = nextPage(headers, false, PageHeader.RLE_DICTIONARY);
        if (page.values != rows || !headers.isAtEnd()) {
            throw Damage.in(name, page.offset, "the column has other rows than its row group");
        }
        int[] starts = starts(dictionary);
        return new Words(dictionary.bytes, starts, ids(page, dictionary.values, rows));
    }

    private int[] ids(Content page, int distinct, int rows) {
        int[] ids = new int[rows];
        int width = HybridRuns.bitWidth(Math.max(distinct - 1, 0));
        if (page.length < 1
                || page.bytes[0] != width
                || !HybridRuns.decode(page.bytes, 1, page.length, width, distinct - 1, ids, rows)) {
            throw Damage.in(name, page.offset, "the column does not hold its rows");
        }
        return ids;
    }

    private int[] starts(Content dictionary) {
        int[] starts = new int[dictionary.values + 1];
        int at = Integer.BYTES;
        for (int id = 0; id < dictionary.values; id++) {
            int length = at <= dictionary.length ? ByteBuilder.intAt(dictionary.bytes, at - Integer.BYTES) : -1;
            if (length < 0 || length > dictionary.length - at) {
                throw Damage.in(name, dictionary.offset, "the dictionary does not hold its words");
            }
            starts[id] = at;
            at += length + Integer.BYTES;
        }
        if (at - Integer.BYTES != dictionary.length) {
            throw Damage.in(name, dictionary.offset, "the dictionary holds more than its words");
        }
        starts[dictionary.values] = at;
        return starts;
    }

    public TextPages texts(int group, String column) {
        int c = index(column);
        return TextPages.scan(name, data, chunkStart[group][c], chunkEnd[group][c], groupRows[group]);
    }

    private Content onlyPage(int group, String column, int encoding, int rows, long length) {
        int c = index(column);
        PageHeader.Reader headers = new PageHeader.Reader(data, chunkStart[group][c], chunkEnd[group][c]);
        Content page = nextPage(headers, false, encoding);
        if (page.values != rows || page.length != length || !headers.isAtEnd()) {
            throw Damage.in(name, page.offset, "the column has other rows than its row group");
        }
        return page;
    }

    private Content nextPage(PageHeader.Reader headers, boolean dictionary, int encoding) {
        long at = headers.position();
        PageHeader header = headers.next();
        if (header == null || header.dictionary() != dictionary || header.encoding() != encoding) {
            throw Damage.in(name, at, "no page header is there");
        }
        return content(headers, header, at);
    }

    private Content nextPage(PageHeader.Reader headers) {
        long at = headers.position();
        PageHeader header = headers.next();
        if (header == null) {
            throw Damage.in(name, at, "no page header is there");
        }
        return content(headers, header, at);
    }

    private Content content(PageHeader.Reader headers, PageHeader header, long at) {
        long offset = headers.position();
        headers.skip(header.bytes());
        byte[] bytes = PageInflater.inflate(name, data, offset, header.bytes(), header.rawBytes(), header.crc(), null);
        // a dictionary's entries take four bytes at least: so no damaged count can ask for absurd memory
        if (header.dictionary() && header.values() > header.rawBytes() / Integer.BYTES) {
            throw Damage.in(name, at, "the dictionary does not hold its words");
        }
        return new Content(bytes, header.rawBytes(), header.values(), offset, header.dictionary(), header.encoding());
    }

    private int index(String column) {
        for (int i = 0; i < schema.columns().size(); i++) {
            if (schema.columns().get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no column " + column);
    }

    private static byte[] bytes(MemorySegment data, long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return bytes;
    }

    private record Content(byte[] bytes, int length, int values, long offset, boolean dictionary, int encoding) {}
}
