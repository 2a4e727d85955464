/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Works out pieces in order, some of them ahead on other threads. The reader itself works on what nobody has begun yet, so all threads
 * are busy while it only reads.
 *
 * <p>For one reader.
 */
final class Ahead<T> implements AutoCloseable {

    private final int count;
    private final int most;
    private final int helpers;
    private final IntFunction<T> work;
    private int opened;
    private final ArrayDeque<Slot> window = new ArrayDeque<>();
    private final Queue<Slot> unclaimed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    /**
     * @param count of pieces
     * @param most how many of them may wait for the reader
     * @param helpers how many other threads may help; with none nothing is worked out before it is asked for
     * @param work of a piece; called on any thread
     */
    Ahead(int count, int most, int helpers, IntFunction<T> work) {
        this.count = count;
        this.most = helpers > 0 ? most : 1;
        this.helpers = helpers;
        this.work = work;
    }

    /** A piece, which is behind the one asked for last. Those between them are not worked out, unless somebody began already. */
    T get(int piece) {
        while (!window.isEmpty() && window.peek().piece < piece) {
            window.remove().claim();
        }
        opened = Math.max(opened, piece);
        while (opened < count && window.size() < most) {
            Slot slot = new Slot(opened++);
            window.add(slot);
            if (helpers > 0) {
                unclaimed.add(slot);
            }
        }
        if (running.get() < helpers && window.size() > 1) {
            running.incrementAndGet();
            ReadAhead.execute(this::help);
        }
        Slot slot = window.remove();
        if (slot.piece != piece) {
            throw new IllegalArgumentException("piece " + piece + " was asked for before");
        }
        if (slot.claim()) {
            slot.work();
        }
        while (!slot.isDone()) {
            Slot other = unclaimed.poll();
            if (other == null) {
                slot.await();
            } else if (other.claim()) {
                other.work();
            }
        }
        if (slot.failure != null) {
            throw slot.failure;
        }
        return slot.result;
    }

    private void help() {
        try {
            Slot slot = unclaimed.poll();
            while (slot != null) {
                if (slot.claim()) {
                    slot.work();
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
        opened = count;
    }

    private final class Slot {

        private final int piece;
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        // written before the latch opens, read after
        private T result;
        private RuntimeException failure;

        Slot(int piece) {
            this.piece = piece;
        }

        boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        void work() {
            try {
                result = work.apply(piece);
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
