/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** Writes a column of UTF-8 texts, plain, in pages of about the same size. */
public final class TextWriter extends ColumnWriter {

    private final int pageBytes;
    private final ByteBuilder page = new ByteBuilder(64 * 1024);
    private int count;

    TextWriter(Column column, ZstdCompressCtx zstd, FileOutput file, boolean streams, int pageBytes) {
        super(column, zstd, file, streams);
        this.pageBytes = pageBytes;
    }

    public void add(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes, 0, bytes.length);
    }

    public void add(byte[] bytes, int from, int to) throws IOException {
        page.writeInt(to - from);
        page.write(bytes, from, to - from);
        endValue();
    }

    /** Adds the bytes of an array without a stretch in the middle. */
    public void addWithout(byte[] bytes, int cutFrom, int cutTo) throws IOException {
        page.writeInt(bytes.length - (cutTo - cutFrom));
        page.write(bytes, 0, cutFrom);
        page.write(bytes, cutTo, bytes.length - cutTo);
        endValue();
    }

    private void endValue() throws IOException {
        count++;
        if (page.size() >= pageBytes) {
            endPage();
        }
    }

    private void endPage() throws IOException {
        dataPage(page, count, Encoding.PLAIN);
        page.clear();
        count = 0;
    }

    @Override
    void endPages() throws IOException {
        if (count > 0) {
            endPage();
        }
    }

    @Override
    Statistics statistics() {
        return null;
    }

    @Override
    ColumnStats.Range range() {
        return null;
    }
}
