/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** Writes a column of booleans. */
public final class BooleanWriter extends ColumnWriter {

    private final ByteBuilder page = new ByteBuilder(1024);
    private int bits;
    private int count;

    BooleanWriter(Column column, ZstdCompressCtx zstd, FileOutput file) {
        super(column, zstd, file, false);
    }

    public void add(boolean value) {
        if (value) {
            bits |= 1 << (count % Byte.SIZE);
        }
        count++;
        if (count % Byte.SIZE == 0) {
            page.write(bits);
            bits = 0;
        }
    }

    @Override
    void endPages() throws IOException {
        if (count % Byte.SIZE != 0) {
            page.write(bits);
        }
        dataPage(page, count, Encoding.PLAIN);
        page.clear();
        bits = 0;
        count = 0;
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
