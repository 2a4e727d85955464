/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/**
 * Writes one column. Pages are compressed as they fill up and held until the row group ends, unless the column streams: then they
 * go to the file at once, so that a row group of large values needs no memory.
 */
public abstract sealed class ColumnWriter
        permits LongWriter, IntWriter, BooleanWriter, WordWriter, TextWriter, WordsWriter {

    private final Column column;
    private final ZstdCompressCtx zstd;
    private final FileOutput file;
    private final boolean streams;
    private final CRC32 crc = new CRC32();
    private final ByteBuilder header = new ByteBuilder(64);
    private final ByteBuilder compressed = new ByteBuilder(1024);
    private final ByteBuilder held = new ByteBuilder(1024);

    private long chunkStart;
    private long dictionaryEnd;
    private long chunkBytes;
    private long rawBytes;
    private long values;
    private final List<Encoding> encodings = new ArrayList<>();

    private long allValues;
    private long allBytes;

    ColumnWriter(Column column, ZstdCompressCtx zstd, FileOutput file, boolean streams) {
        this.column = column;
        this.zstd = zstd;
        this.file = file;
        this.streams = streams;
    }

    /** Writes what is buffered as pages. Dictionary first. */
    abstract void endPages() throws IOException;

    /** Least and greatest value of the row group; null if not known. Called before {@link #endPages()}. */
    abstract Statistics statistics();

    /** Least and greatest value of the file for Iceberg; null if not known. */
    abstract ColumnStats.Range range();

    final void dataPage(ByteBuilder content, int count, Encoding encoding) throws IOException {
        dataPage(content, compress(content), count, encoding);
    }

    /** @param length what {@link #compress} of it said just before */
    final void dataPage(ByteBuilder content, int length, int count, Encoding encoding) throws IOException {
        page(false, content, length, count, encoding);
        values += count;
    }

    final void dictionaryPage(ByteBuilder content, int count) throws IOException {
        page(true, content, compress(content), count, Encoding.PLAIN);
        dictionaryEnd = chunkBytes;
    }

    /** How many bytes it takes in the file. */
    final int compress(ByteBuilder content) {
        compressed.clear();
        compressed.reserve(Math.toIntExact(Zstd.compressBound(content.size())));
        byte[] target = compressed.array();
        return zstd.compressByteArray(target, 0, target.length, content.array(), 0, content.size());
    }

    private void page(boolean dictionary, ByteBuilder content, int length, int count, Encoding encoding)
            throws IOException {
        byte[] target = compressed.array();
        crc.reset();
        crc.update(target, 0, length);
        header.clear();
        new PageHeader(dictionary, content.size(), length, (int) crc.getValue(), count, encoding.getValue())
                .writeTo(header);

        if (streams && chunkBytes == 0) {
            chunkStart = file.position();
        }
        OutputStream out = streams ? file : held;
        out.write(header.array(), 0, header.size());
        out.write(target, 0, length);
        chunkBytes += header.size() + length;
        rawBytes += header.size() + content.size();
        if (!encodings.contains(encoding)) {
            encodings.add(encoding);
        }
    }

    /** Puts what a streaming column still holds right behind its other pages. */
    final void endStream() throws IOException {
        if (streams) {
            endPages();
        }
    }

    final ColumnChunk endGroup() throws IOException {
        Statistics statistics = statistics();
        if (!streams) {
            endPages();
            chunkStart = file.position();
            file.write(held.array(), 0, held.size());
            held.clear();
        }
        encodings.add(Encoding.RLE);
        List<String> path = new ArrayList<>(List.of(column.name()));
        if (column.kind() == Column.Kind.WORDS) {
            path.add("list");
            path.add("element");
        }
        ColumnMetaData meta = new ColumnMetaData(
                TableSchema.parquetType(column),
                new ArrayList<>(encodings),
                path,
                CompressionCodec.ZSTD,
                values,
                rawBytes,
                chunkBytes,
                chunkStart + dictionaryEnd);
        if (dictionaryEnd > 0) {
            meta.setDictionary_page_offset(chunkStart);
        }
        if (statistics != null) {
            meta.setStatistics(statistics);
        }
        allValues += values;
        allBytes += chunkBytes;
        ColumnChunk chunk = new ColumnChunk(chunkStart).setMeta_data(meta);
        encodings.clear();
        dictionaryEnd = 0;
        chunkBytes = 0;
        rawBytes = 0;
        values = 0;
        return chunk;
    }

    final ColumnStats stats() {
        return new ColumnStats(column.fieldId(), allValues, allBytes, range());
    }

    static Statistics statistics(byte[] least, byte[] greatest) {
        return new Statistics().setMin_value(least).setMax_value(greatest).setNull_count(0);
    }
}
