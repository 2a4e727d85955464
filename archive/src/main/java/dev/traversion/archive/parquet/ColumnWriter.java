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
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;

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
        DataPageHeader data = new DataPageHeader(count, encoding, Encoding.RLE, Encoding.RLE);
        page(new PageHeader(PageType.DATA_PAGE, content.size(), 0).setData_page_header(data), content, encoding);
        values += count;
    }

    final void dictionaryPage(ByteBuilder content, int count) throws IOException {
        DictionaryPageHeader dictionary = new DictionaryPageHeader(count, Encoding.PLAIN);
        PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, content.size(), 0);
        page(header.setDictionary_page_header(dictionary), content, Encoding.PLAIN);
        dictionaryEnd = chunkBytes;
    }

    private void page(PageHeader header, ByteBuilder content, Encoding encoding) throws IOException {
        compressed.clear();
        compressed.reserve(Math.toIntExact(Zstd.compressBound(content.size())));
        byte[] target = compressed.array();
        int length = zstd.compressByteArray(target, 0, target.length, content.array(), 0, content.size());
        compressed.advance(length);
        crc.reset();
        crc.update(target, 0, length);
        header.setCompressed_page_size(length);
        header.setCrc((int) crc.getValue());

        if (streams && chunkBytes == 0) {
            chunkStart = file.position();
        }
        OutputStream out = streams ? file : held;
        long before = streams ? file.position() : held.size();
        Util.writePageHeader(header, out);
        long headerLength = (streams ? file.position() : held.size()) - before;
        out.write(target, 0, length);
        chunkBytes += headerLength + length;
        rawBytes += headerLength + content.size();
        if (!encodings.contains(encoding)) {
            encodings.add(encoding);
        }
    }

    /** Bytes of this row group so far, compressed pages only. */
    final long chunkBytes() {
        return chunkBytes;
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
