/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;

/**
 * Writes a Parquet file column by column: add one value to every column, then {@link #endRow()}. For one thread.
 *
 * <p>Pages carry Parquet's own checksum. The footer has none in the format, so its CRC32C becomes part of the file's name: {@code
 * <uuid>-<crc>.parquet}.
 */
public final class ParquetWriter implements AutoCloseable {

    static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final TableSchema schema;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final FileOutput file;
    private final Map<String, ColumnWriter> columns = new LinkedHashMap<>();
    private final List<RowGroup> groups = new ArrayList<>();
    private int groupRows;
    private long rows;
    private boolean closed;

    /**
     * @param path of the new file
     * @param streamed the column whose pages go to the file at once instead of being held until the row group ends: the one with
     *     the most bytes; {@code ""} for none
     */
    public ParquetWriter(Path path, TableSchema schema, Compression compression, String streamed) throws IOException {
        this.path = path;
        this.schema = schema;
        file = new FileOutput(path);
        zstd.setLevel(compression.level());
        file.write(MAGIC);
        for (Column column : schema.columns()) {
            columns.put(
                    column.name(), newWriter(column, compression, column.name().equals(streamed)));
        }
    }

    private ColumnWriter newWriter(Column column, Compression compression, boolean streamed) {
        return switch (column.kind()) {
            case LONG -> new LongWriter(column, zstd, file, false);
            case NUMBER -> new LongWriter(column, zstd, file, true);
            case INT -> new IntWriter(column, zstd, file);
            case BOOLEAN -> new BooleanWriter(column, zstd, file);
            case WORD -> new WordWriter(column, zstd, file);
            case TEXT -> new TextWriter(column, zstd, file, streamed, compression.pageBytes());
            case WORDS -> new WordsWriter(column, zstd, file);
        };
    }

    public LongWriter longs(String name) {
        return (LongWriter) columns.get(name);
    }

    public IntWriter ints(String name) {
        return (IntWriter) columns.get(name);
    }

    public BooleanWriter booleans(String name) {
        return (BooleanWriter) columns.get(name);
    }

    public WordWriter words(String name) {
        return (WordWriter) columns.get(name);
    }

    public TextWriter texts(String name) {
        return (TextWriter) columns.get(name);
    }

    public WordsWriter wordLists(String name) {
        return (WordsWriter) columns.get(name);
    }

    public void endRow() {
        groupRows++;
        rows++;
    }

    /** Rows since the last row group ended. */
    public int groupRows() {
        return groupRows;
    }

    /** Ends a row group; nothing happens if it has no rows. */
    public void endGroup() throws IOException {
        if (groupRows == 0) {
            return;
        }
        List<ColumnChunk> chunks = new ArrayList<>();
        long raw = 0;
        long compressed = 0;
        // streamed columns have their first pages in the file already: the rest must follow them
        for (ColumnWriter column : columns.values()) {
            column.endStream();
        }
        for (ColumnWriter column : columns.values()) {
            ColumnChunk chunk = column.endGroup();
            chunks.add(chunk);
            raw += chunk.getMeta_data().getTotal_uncompressed_size();
            compressed += chunk.getMeta_data().getTotal_compressed_size();
        }
        long start = chunks.stream()
                .mapToLong(chunk -> chunk.getMeta_data().isSetDictionary_page_offset()
                        ? chunk.getMeta_data().getDictionary_page_offset()
                        : chunk.getMeta_data().getData_page_offset())
                .min()
                .orElseThrow();
        groups.add(new RowGroup(chunks, raw, groupRows)
                .setFile_offset(start)
                .setTotal_compressed_size(compressed)
                .setOrdinal((short) groups.size()));
        groupRows = 0;
    }

    /**
     * Ends the file.
     *
     * @param properties go into the footer
     */
    public WrittenFile finish(Map<String, String> properties) throws IOException {
        endGroup();
        FileMetaData meta = new FileMetaData(1, schema.toParquet(), rows, groups);
        List<KeyValue> pairs = new ArrayList<>();
        new TreeMap<>(properties).forEach((key, value) -> pairs.add(new KeyValue(key).setValue(value)));
        meta.setKey_value_metadata(pairs);
        meta.setCreated_by("traversion");
        List<ColumnOrder> orders = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            orders.add(ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()));
        }
        meta.setColumn_orders(orders);

        ByteBuilder footer = new ByteBuilder(64 * 1024);
        Util.writeFileMetaData(meta, footer);
        footer.writeInt(footer.size());
        footer.write(MAGIC, 0, MAGIC.length);
        CRC32C crc = new CRC32C();
        crc.update(footer.array(), 0, footer.size());
        file.write(footer.array(), 0, footer.size());
        close();

        List<ColumnStats> stats =
                columns.values().stream().map(ColumnWriter::stats).toList();
        List<Long> splits = groups.stream().map(RowGroup::getFile_offset).toList();
        String name = "%s-%08x.parquet".formatted(UUID.randomUUID(), (int) crc.getValue());
        return new WrittenFile(path, name, rows, file.position(), stats, splits);
    }

    /** Ends writing; the file is of no use unless {@link #finish} came first. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            zstd.close();
            file.close();
        }
    }

    /** Gives up: closes and deletes the file. */
    public void abandon() throws IOException {
        close();
        Files.deleteIfExists(path);
    }
}
