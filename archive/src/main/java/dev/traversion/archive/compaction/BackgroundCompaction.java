/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.compaction;

import dev.traversion.archive.Execution;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Packs what is older than a day while recording goes on: once an hour, on a thread of its own that works a fifth of the time. What
 * fails is tried again the next hour.
 */
public final class BackgroundCompaction {

    private static final Logger LOG = System.getLogger(BackgroundCompaction.class.getName());
    private static final Duration OLD = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int REST_TO_WORK = 4;

    /** Ends a run when recording ends. */
    private static final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Compaction compaction;
    private final Clock clock;
    private final Execution execution;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Instant next;
    private Thread running;
    private long working;

    /** The first run comes after an hour. */
    public BackgroundCompaction(Compaction compaction, Clock clock, Execution execution) {
        this.compaction = compaction;
        this.clock = clock;
        this.execution = execution;
        this.next = clock.instant().plus(INTERVAL);
    }

    /** Begins a run, if it is time for one. Returns at once. */
    public synchronized void tick() {
        boolean isDue = !clock.instant().isBefore(next) && (running == null || !running.isAlive());
        if (isDue && closing.getCount() > 0) {
            next = clock.instant().plus(INTERVAL);
            running = execution.thread("pack", this::run);
            running.setDaemon(true);
            running.start();
        }
    }

    private void run() {
        working = execution.nanoTime();
        try {
            Compaction.Outcome outcome = compaction.run(OLD, _ -> rest());
            if (outcome.groups() > 0) {
                LOG.log(
                        Level.DEBUG,
                        "packed {0} parts into {1}",
                        outcome.before().size(),
                        outcome.groups());
            }
        } catch (EndedException e) {
            LOG.log(Level.DEBUG, "packing ends with the recording", e);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "packing old parts failed, and is tried again in an hour: " + e.getMessage());
            LOG.log(Level.DEBUG, "the failure", e);
        }
    }

    private void rest() {
        long rest = TimeUnit.NANOSECONDS.toMillis(execution.nanoTime() - working) * REST_TO_WORK;
        try {
            if (execution.await(closing, rest)) {
                throw new EndedException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndedException();
        }
        working = execution.nanoTime();
    }

    /** Ends a run that is under way, and begins no other. */
    public void end() throws InterruptedException {
        closing.countDown();
        Thread last;
        synchronized (this) {
            last = running;
        }
        if (last != null) {
            last.join();
        }
    }
}
