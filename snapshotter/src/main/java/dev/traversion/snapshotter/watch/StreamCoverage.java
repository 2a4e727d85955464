/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.RecordingClock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * Brings changes of one resource to the sink in order, at times that rise, and says with marks when all of them are seen, and when
 * not. Its stream and the heartbeat use it at the same time.
 */
final class StreamCoverage {

    private final ResourceType type;
    private final RecordingSink sink;
    private final RecordingClock clock;
    private final StreamStatus status;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile String resourceVersion = "";
    private long lastTime;

    /** Just after the last moment that was confirmed, ns: where a gap would begin; 0 if there is none. */
    private long unconfirmedFrom;

    private boolean open;
    private long disturbances;

    /** What the present gap was declared with; {@code ""} if there is none. */
    private String gap = "";

    /** @param after no time is at or before this one, ns: the end of what was recorded earlier */
    StreamCoverage(ResourceType type, RecordingSink sink, RecordingClock clock, StreamStatus status, long after) {
        this.type = type;
        this.sink = sink;
        this.clock = clock;
        this.status = status;
        this.lastTime = after;
        this.unconfirmedFrom = after == 0 ? 0 : after + 1;
        this.disturbances = clock.disturbance().number();
    }

    /**
     * Goes on where an earlier recorder ended, instead of listing everything anew.
     *
     * @param version up to which everything is recorded
     */
    void resume(String version) throws InterruptedException {
        resourceVersion = version;
        String disturbed = clock.disturbance().reason();
        declare("nothing was recording, " + CoverageMark.LATE + (disturbed.isEmpty() ? "" : "; " + disturbed));
    }

    /** Goes on with a list, since it is not known up to which version everything is recorded. */
    void beginAnew() throws InterruptedException {
        declare("nothing was recording, and it cannot be resumed where it ended: intermediate versions are unknown");
    }

    /** The version up to which everything is recorded; {@code ""} before the first list is complete. */
    String resourceVersion() {
        return resourceVersion;
    }

    void reached(String version) {
        resourceVersion = version;
    }

    /**
     * Records a change.
     *
     * @param at the change at a time, ns
     * @param objects how many there are of the resource
     */
    void append(LongFunction<Change> at, int objects) throws InterruptedException {
        lock.lock();
        try {
            long time = now();
            isDisturbed();
            Change change = at.apply(time);
            sink.append(change);
            if (open) {
                unconfirmedFrom = time + 1;
            }
            status.changed(time, change.body().length, objects);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Everything up to now was seen.
     *
     * @param complete whether what exists is recorded, too: a gap does not end before
     * @param qualification what limits the observation as such; {@code ""} if nothing does
     * @param objects how many there are of the resource
     */
    void openOrConfirm(boolean complete, String qualification, int objects) throws InterruptedException {
        lock.lock();
        try {
            if (open) {
                mark(CoverageMark.Kind.CONFIRMED, "");
            } else if (complete) {
                mark(CoverageMark.Kind.OPENED, qualification);
                status.observing(objects);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The same, if it was not said for a while; skipped while a change is being written, which says it.
     *
     * @param mostSilence ns
     */
    void alive(long mostSilence, boolean complete, String qualification, int objects) throws InterruptedException {
        if (lock.tryLock()) {
            try {
                if (open ? clock.now() - unconfirmedFrom >= mostSilence : !resourceVersion.isEmpty()) {
                    openOrConfirm(complete, qualification, objects);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** A loss: what happened after the last confirmed moment is not known, until the next list. */
    void lost(String reason) throws InterruptedException {
        gap(reason);
        resourceVersion = "";
    }

    /**
     * Says, if the stream has been broken for a while, that nothing is seen at present. No version is missing once it is resumed,
     * but when they came into being is not known.
     */
    void broken(long mostSilence, String reason) throws InterruptedException {
        lock.lock();
        try {
            if (open && clock.now() - unconfirmedFrom >= mostSilence) {
                gap(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Some of what happened after the last confirmed moment is not known, although the rest is being recorded. */
    void gap(String reason) throws InterruptedException {
        lock.lock();
        try {
            declare(reason);
            status.lost(reason);
        } finally {
            lock.unlock();
        }
    }

    private void declare(String reason) throws InterruptedException {
        lock.lock();
        try {
            if (open || !reason.equals(gap)) {
                CoverageMark.Kind kind = open ? CoverageMark.Kind.CLOSED : CoverageMark.Kind.GAP;
                if (open || unconfirmedFrom > 0) {
                    sink.mark(new CoverageMark(type, kind, unconfirmedFrom, resourceVersion, reason));
                }
                open = false;
                gap = reason;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The end of recording, as intended.
     *
     * @param seen whether the stream was alive up to now
     */
    void stopped(String reason, boolean seen) throws InterruptedException {
        lock.lock();
        try {
            if (open && seen) {
                mark(CoverageMark.Kind.CONFIRMED, "");
            }
            if (open) {
                gap(reason);
            }
            resourceVersion = "";
        } finally {
            lock.unlock();
        }
    }

    /** Another recorder goes on, after it was stopped for that reason: nothing more is said here. */
    void handOver(String reason) throws InterruptedException {
        lock.lock();
        try {
            long at = gap.equals(reason) ? unconfirmedFrom : now();
            sink.mark(new CoverageMark(type, CoverageMark.Kind.HANDED_OVER, at, "", reason));
        } finally {
            lock.unlock();
        }
    }

    /** Nothing can be observed from now on. */
    void unobservable(String reason) throws InterruptedException {
        if (!reason.equals(gap)) {
            lost(reason);
            mark(CoverageMark.Kind.GAP, reason);
        }
        status.lost(reason);
    }

    private void mark(CoverageMark.Kind kind, String reason) throws InterruptedException {
        lock.lock();
        try {
            long time = now();
            if (isDisturbed() && kind == CoverageMark.Kind.CONFIRMED) {
                // What waited meanwhile comes first: the next heartbeat says that all is seen again.
                return;
            }
            sink.mark(new CoverageMark(type, kind, time, resourceVersion, reason));
            unconfirmedFrom = kind == CoverageMark.Kind.GAP ? time : time + 1;
            if (kind == CoverageMark.Kind.GAP) {
                gap = reason;
            }
            if (kind == CoverageMark.Kind.OPENED) {
                open = true;
                gap = "";
            }
            if (open) {
                status.confirmed(time);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Rises always, whatever the clock does. */
    private long now() {
        lastTime = Math.max(lastTime + 1, clock.now());
        return lastTime;
    }

    /** Whether the time was disturbed since this was asked last: then a gap says so, until the next heartbeat. */
    private boolean isDisturbed() throws InterruptedException {
        RecordingClock.Disturbance latest = clock.disturbance();
        if (latest.number() == disturbances) {
            return false;
        }
        disturbances = latest.number();
        if (open) {
            gap(latest.reason());
        }
        return true;
    }
}
