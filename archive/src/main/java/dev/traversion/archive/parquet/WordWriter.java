/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** Writes a column of words through a dictionary. */
public final class WordWriter extends ColumnWriter {

    private final WordIds words = new WordIds();
    private final ByteBuilder page = new ByteBuilder(1024);
    private byte[] leastOfAll;
    private byte[] greatestOfAll;

    WordWriter(Column column, ZstdCompressCtx zstd, FileOutput file) {
        super(column, zstd, file, false);
    }

    public void add(String word) {
        words.add(word);
    }

    @Override
    void endPages() throws IOException {
        if (leastOfAll == null || Arrays.compareUnsigned(words.least(), leastOfAll) < 0) {
            leastOfAll = words.least();
        }
        if (greatestOfAll == null || Arrays.compareUnsigned(words.greatest(), greatestOfAll) > 0) {
            greatestOfAll = words.greatest();
        }
        dictionaryPage(words.entries(), words.size());
        words.writeTo(page);
        dataPage(page, words.count(), Encoding.RLE_DICTIONARY);
        page.clear();
        words.clear();
    }

    @Override
    Statistics statistics() {
        return statistics(words.least(), words.greatest());
    }

    @Override
    ColumnStats.Range range() {
        return leastOfAll == null
                ? null
                : new ColumnStats.Range(
                        new String(leastOfAll, StandardCharsets.UTF_8),
                        new String(greatestOfAll, StandardCharsets.UTF_8));
    }
}
