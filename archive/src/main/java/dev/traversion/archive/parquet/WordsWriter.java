/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** Writes a column of lists of words through a dictionary. */
public final class WordsWriter extends ColumnWriter {

    private final WordIds words = new WordIds();
    private final ByteBuilder page = new ByteBuilder(1024);
    // per slot: whether it continues a list, and whether it holds a word; an empty list has one slot without
    private int[] repetition = new int[1024];
    private int[] definition = new int[1024];
    private int slots;

    WordsWriter(Column column, ZstdCompressCtx zstd, FileOutput file) {
        super(column, zstd, file, false);
    }

    public void add(List<String> list) {
        if (list.isEmpty()) {
            slot(0, 0);
        }
        for (int i = 0; i < list.size(); i++) {
            slot(i == 0 ? 0 : 1, 1);
            words.add(list.get(i));
        }
    }

    private void slot(int repeated, int defined) {
        if (slots == repetition.length) {
            repetition = Arrays.copyOf(repetition, slots * 2);
            definition = Arrays.copyOf(definition, slots * 2);
        }
        repetition[slots] = repeated;
        definition[slots] = defined;
        slots++;
    }

    @Override
    void endPages() throws IOException {
        dictionaryPage(words.entries(), words.size());
        writeLevels(repetition);
        writeLevels(definition);
        words.writeTo(page);
        dataPage(page, slots, Encoding.RLE_DICTIONARY);
        page.clear();
        words.clear();
        slots = 0;
    }

    private void writeLevels(int[] levels) {
        int at = page.size();
        page.writeInt(0);
        HybridRuns.encode(levels, slots, 1, page);
        page.setInt(at, page.size() - at - Integer.BYTES);
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
