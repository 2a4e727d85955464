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

    /** Compressed, a dictionary's values take about this much: most of their bytes are 0. */
    private static final int ENTRY_BYTES = 3;

    /** Of the values, those that are distinct: with more, a dictionary is longer than what it is for. */
    private static final int LEAST_REPEATED = 4;

    private static final int SAMPLE = 16 << 10;

    private final boolean packs;
    private final ByteBuilder sample = new ByteBuilder(0);
    private final ByteBuilder page = new ByteBuilder(1024);
    private long least = Long.MAX_VALUE;
    private long greatest = Long.MIN_VALUE;
    private long leastOfAll = Long.MAX_VALUE;
    private long greatestOfAll = Long.MIN_VALUE;

    /** @param packs whether each row group is in what takes the least bytes; else all are plain */
    LongWriter(Column column, ZstdCompressCtx zstd, FileOutput file, boolean packs) {
        super(column, zstd, file, false);
        this.packs = packs;
    }

    public void add(long value) {
        page.writeLong(value);
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
    }

    @Override
    void endPages() throws IOException {
        if (packs && least < greatest) {
            shortest(page.size() / Long.BYTES);
        } else {
            dataPage(page, page.size() / Long.BYTES, Encoding.PLAIN);
        }
        page.clear();
        leastOfAll = Math.min(leastOfAll, least);
        greatestOfAll = Math.max(greatestOfAll, greatest);
        least = Long.MAX_VALUE;
        greatest = Long.MIN_VALUE;
    }

    /** What differences and ids of a dictionary take is hardly compressed any further, so it is known before. */
    private void shortest(int count) throws IOException {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = ByteBuilder.longAt(page.array(), i * Long.BYTES);
        }
        long differences = Differences.size(values, count);
        NumberIds ids = NumberIds.of(values, count, count / LEAST_REPEATED);
        long dictionary = ids == null ? Long.MAX_VALUE : ids.idBytes() + (long) ids.size() * ENTRY_BYTES;
        long other = Math.min(differences, dictionary);
        int plain = isWorthTrying(other) ? compress(page) : Integer.MAX_VALUE;
        if (plain <= other) {
            dataPage(page, plain, count, Encoding.PLAIN);
        } else if (differences <= dictionary) {
            page.clear();
            Differences.encode(values, count, page);
            dataPage(page, count, Encoding.DELTA_BINARY_PACKED);
        } else {
            page.clear();
            ids.writeEntries(page);
            dictionaryPage(page, ids.size());
            page.clear();
            ids.writeIds(page);
            dataPage(page, count, Encoding.RLE_DICTIONARY);
        }
    }

    /** Whether all of it, compressed, may be less than this: not if some of it is far from that. */
    private boolean isWorthTrying(long bytes) {
        if (page.size() <= 2 * SAMPLE) {
            return true;
        }
        sample.clear();
        sample.write(page.array(), (page.size() - SAMPLE) / 2, SAMPLE);
        return (double) compress(sample) * page.size() / SAMPLE < 2.0 * bytes;
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
