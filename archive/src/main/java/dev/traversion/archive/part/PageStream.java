/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.parquet.TextPage;
import dev.traversion.archive.parquet.TextPages;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads pages of a text column in order, some of them ahead on other threads. Buffers are reused: a page is valid until the next is
 * asked for.
 *
 * <p>For one thread.
 */
final class PageStream implements AutoCloseable {

    private static final int AHEAD = 6;
    private static final int WORTH_HELP = 4;

    private final TextPages pages;
    private final int[] wanted;
    private final Queue<byte[]> buffers = new ConcurrentLinkedQueue<>();
    private final Ahead<TextPage> ahead;

    /** Position in {@link #wanted}. */
    private int at = -1;

    private TextPage current;

    /**
     * @param rows ascending; those that may be asked for
     * @param count how many of them count
     * @param helpers how many other threads may help
     */
    PageStream(TextPages pages, int[] rows, int count, int helpers) {
        this.pages = pages;
        this.wanted = pagesOf(pages, rows, count);
        ahead = new Ahead<>(
                wanted.length,
                AHEAD,
                wanted.length >= WORTH_HELP ? helpers : 0,
                i -> pages.read(wanted[i], buffers.poll()));
    }

    private static int[] pagesOf(TextPages pages, int[] rows, int count) {
        int[] found = new int[Math.min(count, pages.count())];
        int size = 0;
        int end = 0;
        for (int i = 0; i < count; i++) {
            if (rows[i] >= end) {
                int page = pages.pageOf(rows[i]);
                found[size++] = page;
                end = pages.firstRow(page + 1);
            }
        }
        return Arrays.copyOf(found, size);
    }

    /** The page of a row, which is not before the row asked for last. */
    TextPage page(int row) {
        if (current == null || row >= pages.firstRow(wanted[at] + 1)) {
            if (current != null) {
                buffers.add(current.bytes());
                current = null;
            }
            at = Arrays.binarySearch(wanted, at + 1, wanted.length, pages.pageOf(row));
            current = ahead.get(at);
        }
        return current;
    }

    @Override
    public void close() {
        ahead.close();
    }
}
