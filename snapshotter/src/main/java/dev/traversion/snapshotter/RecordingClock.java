/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter;

import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Times;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time of what is observed: it never runs backwards, whatever is done to the clock. A clock that was put back is waited for at half
 * speed, so that what happened later still has a later time, and hours are not squeezed into an instant. Who writes times down asks
 * what {@linkplain #disturbance() disturbed} them. Safe for concurrent use.
 */
public final class RecordingClock {

    /** Smaller steps are corrections that a time server makes. */
    private static final long STEP = Duration.ofSeconds(2).toNanos();

    /** Who does not ask for so long did not run: asked for every second, it is. */
    private static final long STILL = Duration.ofSeconds(10).toNanos();

    /** The two clocks are read one after the other, and between them the thread may have to wait for a processor. */
    private static final long SAME_MOMENT = Duration.ofMillis(100).toNanos();

    /**
     * What happened to the time.
     *
     * @param number how many there were before
     * @param reason for the gap; {@code ""} if nothing ever happened
     */
    public record Disturbance(long number, String reason) {}

    private final Clock clock;
    private final LongSupplier ticker;
    private long wall;
    private long ticks;
    private long time;
    private volatile Disturbance disturbance = new Disturbance(0, "");

    /**
     * @param ticker ns that pass evenly, from any origin, as {@link System#nanoTime}
     * @param after every time is later than this, ns: the end of what was recorded earlier
     */
    public RecordingClock(Clock clock, LongSupplier ticker, long after) {
        this.clock = clock;
        this.ticker = ticker;
        this.time = after;
        read();
        if (after - wall >= STEP) {
            disturb("the clock is " + text(after - wall) + " behind what was recorded: times run ahead of it");
        }
    }

    /** Now, ns: at least one more than the time before. */
    public synchronized long now() {
        long wallBefore = wall;
        long ticksBefore = ticks;
        read();
        long elapsed = ticks - ticksBefore;
        long step = wall - wallBefore - elapsed;
        if (step >= STEP) {
            disturb("the clock was put forward by " + text(step) + ", or the machine slept: " + CoverageMark.LATE);
        } else if (step <= -STEP) {
            disturb("the clock was put back by " + text(-step) + ": times run ahead of it until it has caught up");
        } else if (elapsed >= STILL) {
            disturb("the recorder stood still for " + text(elapsed) + ": " + CoverageMark.LATE);
        }
        time = Math.max(wall, time + Math.max(1, elapsed / 2));
        return time;
    }

    /** Every time from now on is later than this, ns: others have recorded that much. */
    public synchronized void passed(long after) {
        time = Math.max(time, after);
    }

    /** The latest disturbance. */
    public Disturbance disturbance() {
        return disturbance;
    }

    private void read() {
        long before;
        do {
            before = ticker.getAsLong();
            wall = Times.nanos(clock.instant());
            ticks = ticker.getAsLong();
        } while (ticks - before > SAME_MOMENT);
    }

    private void disturb(String reason) {
        disturbance = new Disturbance(disturbance.number + 1, reason);
    }

    private static String text(long nanos) {
        long seconds = Duration.ofNanos(nanos).plusMillis(500).toSeconds();
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }
}
