/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** Writes a column of 32 bit integers. */
public final class IntWriter extends ColumnWriter {

    private final ByteBuilder page = new ByteBuilder(1024);

    IntWriter(Column column, ZstdCompressCtx zstd, FileOutput file) {
        super(column, zstd, file, false);
    }

    public void add(int value) {
        page.writeInt(value);
    }

    @Override
    void endPages() throws IOException {
        dataPage(page, page.size() / Integer.BYTES, Encoding.PLAIN);
        page.clear();
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
