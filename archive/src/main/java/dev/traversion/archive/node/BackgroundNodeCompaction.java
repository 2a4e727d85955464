/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Execution;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Compacts what agents land while recording goes on, every five minutes, on a thread of its own. What fails is tried again. */
public final class BackgroundNodeCompaction {

    private static final Logger LOG = System.getLogger(BackgroundNodeCompaction.class.getName());
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final NodeCompaction compaction;
    private final Clock clock;
    private final Execution execution;
    private Instant next;
    private Thread running;

    public BackgroundNodeCompaction(NodeCompaction compaction, Clock clock, Execution execution) {
        this.compaction = compaction;
        this.clock = clock;
        this.execution = execution;
        this.next = clock.instant().plus(INTERVAL);
    }

    /** Begins a run, if it is time for one. Returns at once. */
    public synchronized void tick() {
        boolean isDue = !clock.instant().isBefore(next) && (running == null || !running.isAlive());
        if (isDue) {
            next = clock.instant().plus(INTERVAL);
            running = execution.thread("nodes", this::run);
            running.setDaemon(true);
            running.start();
        }
    }

    private void run() {
        try {
            compaction.run();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "compacting what nodes landed failed, and is tried again: " + e.getMessage());
            LOG.log(Level.DEBUG, "the failure", e);
        }
    }

    /** Waits for a run that is under way. */
    public void end() throws InterruptedException {
        Thread last;
        synchronized (this) {
            last = running;
        }
        if (last != null) {
            last.join();
        }
    }
}
