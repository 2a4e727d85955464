/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** Writes a column of 64 bit integers. */
public final class LongWriter extends ColumnWriter {

    private final ByteBuilder page = new ByteBuilder(1024);
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;
    private long leastOfAll = Long.MAX_VALUE;
    private long greatestOfAll = Long.MIN_VALUE;

    LongWriter(Column column, ZstdCompressCtx zstd, FileOutput file) {
        super(column, zstd, file, false);
    }

    public void add(long value) {
        page.writeLong(value);
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
    }

    @Override
    void endPages() throws IOException {
        dataPage(page, page.size() / Long.BYTES, Encoding.PLAIN);
        page.clear();
        leastOfAll = Math.min(leastOfAll, least);
        greatestOfAll = Math.max(greatestOfAll, greatest);
        least = Long.MAX_VALUE;
        greatest = Long.MIN_VALUE;
    }

    @Override
    Statistics statistics() {
        return statistics(plain(least), plain(greatest));
    }

    @Override
    ColumnStats.Range range() {
        return leastOfAll > greatestOfAll ? null : new ColumnStats.Range(leastOfAll, greatestOfAll);
    }

    private static byte[] plain(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
