/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/** What everything in a run shares: chance, time, and the account of what happened. */
final class World {

    /** What goes wrong here is meant to. Kept, so that its level is. */
    private static final Logger LOGGER = Logger.getLogger("dev.traversion");

    static {
        LOGGER.setLevel(Level.OFF);
    }

    /** The shortest file name with something in it that is made up at random, by the product or by Iceberg. */
    private static final int MADE_UP = 28;

    private static final Instant BEGIN = Instant.parse("2020-02-29T12:00:00Z");

    private final SplittableRandom random;
    private final Scheduler scheduler;
    private final Consumer<String> trace;
    private long wallOffset;
    private long hash;
    private Throwable broken;
    private Runnable whenDead = () -> {};

    /** @param trace gets a line for everything that happens; null for none */
    World(long seed, Consumer<String> trace) {
        this.random = new SplittableRandom(seed);
        this.scheduler = new Scheduler(random);
        this.trace = trace;
    }

    RandomGenerator random() {
        return random;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Wall clocks jump. */
    void jump(long nanos) {
        wallOffset += nanos;
    }

    Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return BEGIN.plusNanos(scheduler.now() + wallOffset);
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    void log(String event, String what) {
        hash = 31 * (31 * (31 * hash + scheduler.now()) + event.hashCode()) + what.hashCode();
        if (trace != null) {
            trace.accept("%,12.3f ms  %-8s %s".formatted(scheduler.now() / 1e6, event, what));
        }
    }

    /** Equal if the same happened. */
    long hash() {
        return hash;
    }

    /** A path without what is made up at random in it. */
    static String stable(String path) {
        int name = path.lastIndexOf('/') + 1;
        boolean isMadeUp = path.length() - name >= MADE_UP || path.startsWith("copy-", name);
        return isMadeUp ? path.substring(0, name) + "*" : path;
    }

    void broken(String what, Throwable cause) {
        if (broken == null) {
            broken = new AssertionError(what + ": " + cause, cause);
        }
    }

    /** What must not have happened; null if it did not. */
    Throwable broken() {
        return broken;
    }

    void whenProcessDies(Runnable action) {
        whenDead = action;
    }

    void processDied() {
        whenDead.run();
    }
}
