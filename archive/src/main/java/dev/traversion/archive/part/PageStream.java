/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.parquet.TextPage;
import dev.traversion.archive.parquet.TextPages;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads pages of a text column in order, some of them ahead on other threads. The reader itself decompresses what nobody has
 * begun yet, so all threads are busy while it only copies. Buffers are reused: a page is valid until the next is asked for.
 *
 * <p>For one thread.
 */
final class PageStream implements AutoCloseable {

    private static final int AHEAD = 6;
    private static final int WORTH_HELP = 4;

    private final TextPages pages;
    private final int[] wanted;
    private final int helpers;
    private int opened;
    private final ArrayDeque<Slot> window = new ArrayDeque<>();
    private final Queue<Slot> unclaimed = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> buffers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    private int currentPage = -1;
    private TextPage current;

    /**
     * @param rows ascending; those that may be asked for
     * @param count how many of them count
     * @param helpers how many other threads may help
     */
    PageStream(TextPages pages, int[] rows, int count, int helpers) {
        this.pages = pages;
        this.wanted = pagesOf(pages, rows, count);
        this.helpers = helpers;
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
        if (current == null || row >= pages.firstRow(currentPage + 1)) {
            int page = pages.pageOf(row);
            Slot slot;
            do {
                slot = next();
            } while (slot.page != page);
            current = slot.result;
            currentPage = page;
        }
        return current;
    }

    private Slot next() {
        if (current != null) {
            buffers.add(current.bytes());
            current = null;
        }
        boolean help = helpers > 0 && wanted.length >= WORTH_HELP;
        while (opened < wanted.length && window.size() < (help ? AHEAD : 1)) {
            Slot slot = new Slot(wanted[opened++]);
            window.add(slot);
            if (help) {
                unclaimed.add(slot);
            }
        }
        if (help && running.get() < helpers && window.size() > 1) {
            running.incrementAndGet();
            ReadAhead.execute(this::help);
        }
        Slot slot = window.remove();
        if (slot.claim()) {
            slot.read();
        }
        while (!slot.isDone()) {
            Slot other = unclaimed.poll();
            if (other == null) {
                slot.await();
            } else if (other.claim()) {
                other.read();
            }
        }
        if (slot.failure != null) {
            throw slot.failure;
        }
        return slot;
    }

    private void help() {
        try {
            Slot slot = unclaimed.poll();
            while (slot != null) {
                if (slot.claim()) {
                    slot.read();
                }
                slot = unclaimed.poll();
            }
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public void close() {
        unclaimed.clear();
        opened = wanted.length;
    }

    private final class Slot {

        private final int page;
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        // written before the latch opens, read after
        private TextPage result;
        private RuntimeException failure;

        Slot(int page) {
            this.page = page;
        }

        boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        void read() {
            try {
                result = pages.read(page, buffers.poll());
            } catch (RuntimeException e) {
                failure = e;
            } finally {
                done.countDown();
            }
        }

        boolean isDone() {
            return done.getCount() == 0;
        }

        void await() {
            boolean interrupted = false;
            while (!isDone()) {
                try {
                    done.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
