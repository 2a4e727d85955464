/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.retention;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Keeps a recording within its limits while it is being made. What fails is tried again the next time. */
public final class RegularRetention implements AutoCloseable {

    private static final Logger LOG = System.getLogger(RegularRetention.class.getName());

    private final Retention retention;
    private final Limits limits;
    private final Duration interval;
    private final BooleanSupplier isOurs;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong forgottenParts = new AtomicLong();
    private final Thread thread;
    private volatile String problem = "";

    /** @param retention for the use of nobody else */
    public RegularRetention(Retention retention, Limits limits, Duration interval) {
        this(retention, limits, interval, () -> true);
    }

    /**
     * @param retention for the use of nobody else
     * @param isOurs whether it is up to us at present, where several record
     */
    public RegularRetention(Retention retention, Limits limits, Duration interval, BooleanSupplier isOurs) {
        this.isOurs = isOurs;
        this.retention = retention;
        this.limits = limits;
        this.interval = interval;
        this.thread = Thread.ofPlatform().name("retention").daemon().start(this::run);
    }

    /** How many parts were forgotten so far. */
    public long forgottenParts() {
        return forgottenParts.get();
    }

    /** Why the last attempt failed; {@code ""} if it did not. */
    public String problem() {
        return problem;
    }

    private void run() {
        // The first run also finishes what an earlier one began; later ones read all seals only if there is a reason.
        boolean isFirst = true;
        boolean goesOn = true;
        while (goesOn) {
            try {
                if (isOurs.getAsBoolean()) {
                    if (isFirst || !retention.plan(limits).parts().isEmpty()) {
                        forgottenParts.addAndGet(retention.run(limits).parts().size());
                    }
                    isFirst = false;
                }
                problem = "";
            } catch (IOException | RuntimeException | Error e) {
                // Errors too: this thread must not end quietly.
                problem = e.getMessage() == null ? e.toString() : e.getMessage();
                LOG.log(Level.WARNING, "the recording is not kept within its limits: " + problem);
                LOG.log(Level.DEBUG, "the failure", e);
            }
            goesOn = !isClosing();
        }
    }

    private boolean isClosing() {
        try {
            return closing.await(interval.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits for a run that is under way. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
