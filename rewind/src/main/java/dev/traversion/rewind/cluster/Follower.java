/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import dev.traversion.archive.History;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what was recorded since, once for all who wait for it, and only while somebody does. Safe for concurrent use.
 */
public final class Follower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final long INTERVAL_MILLIS = 200;
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final History history;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition moved = lock.newCondition();
    private final ReentrantLock refreshing = new ReentrantLock();
    private long refreshedAt = System.nanoTime() - FRESH_NANOS;
    private int waiting;
    private boolean closed;

    Follower(History history) {
        this.history = history;
        Thread.ofVirtual().name("follow-" + history.clusterId()).start(this::run);
    }

    /** Makes what is recorded by now visible. */
    public void refresh() {
        refreshing.lock();
        try {
            if (System.nanoTime() - refreshedAt >= FRESH_NANOS) {
                history.refresh();
                refreshedAt = System.nanoTime();
            }
        } finally {
            refreshing.unlock();
        }
    }

    /**
     * Waits until the recording ends later than {@code seen}, but not beyond {@code deadline}.
     *
     * @param seen an end of the recording, ns
     * @param deadline on the clock of {@link System#nanoTime()}
     * @return whether it moved; false as well when the server stops
     */
    public boolean await(long seen, long deadline) throws InterruptedException {
        lock.lock();
        try {
            waiting++;
            wanted.signal();
            while (!closed && history.end() <= seen) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || moved.awaitNanos(left) <= 0) {
                    return false;
                }
            }
            return !closed;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                lock.lock();
                try {
                    while (waiting == 0 && !closed) {
                        wanted.await();
                    }
                    if (closed) {
                        return;
                    }
                } finally {
                    lock.unlock();
                }
                look();
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            refresh();
        } catch (RuntimeException e) {
            // Whoever reads next gets the error; the others must not wait for ever because of it.
            LOG.warn("cannot look for what cluster {} recorded since: {}", history.clusterId(), e.getMessage());
        }
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wanted.signalAll();
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
