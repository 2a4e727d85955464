/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.SnapshotterMetrics;

/** How the stream of a resource is doing. Written by the stream, read by anyone. */
public final class StreamStatus {

    /** The states of a stream. */
    public enum State {
        /** The first list, or one after a loss, is not complete. */
        LISTING,
        OBSERVING,
        /** Nothing is observed: see {@link #reason()}. */
        GAP,
        STOPPED
    }

    private final ResourceType type;
    private final SnapshotterMetrics metrics;
    private volatile State state = State.LISTING;
    private volatile String reason = "";
    private volatile long changes;
    private volatile long bytes;
    private volatile long lastChange;
    private volatile int objects;
    private volatile long gaps;
    private volatile long lastConfirmed;

    /** Once there is a change: a resource without any has no series. */
    private SnapshotterMetrics.Changes changesTold;

    StreamStatus(ResourceType type, SnapshotterMetrics metrics) {
        this.type = type;
        this.metrics = metrics;
    }

    public ResourceType type() {
        return type;
    }

    public State state() {
        return state;
    }

    /** Why it is a gap, or what keeps it from being listed; {@code ""} if nothing is wrong. */
    public String reason() {
        return reason;
    }

    public long changes() {
        return changes;
    }

    /** Bytes of the bodies. */
    public long bytes() {
        return bytes;
    }

    /** When the last change was observed, ns; 0 if none was. */
    public long lastChange() {
        return lastChange;
    }

    public int objects() {
        return objects;
    }

    /** Gaps declared, the present one included. */
    public long gaps() {
        return gaps;
    }

    /** Up to when everything is known to be recorded, ns; 0 before the first list is complete. */
    public long lastConfirmed() {
        return lastConfirmed;
    }

    synchronized void confirmed(long time) {
        lastConfirmed = time;
        reason = state == State.OBSERVING ? "" : reason;
        metrics.confirmed(type, time);
    }

    synchronized void listing() {
        state = State.LISTING;
        reason = "";
    }

    /** Something is in the way, which may pass. */
    synchronized void troubled(String why) {
        reason = why;
    }

    synchronized void changed(long time, int size, int known) {
        changes++;
        bytes += size;
        lastChange = time;
        objects = known;
        if (changesTold == null) {
            changesTold = metrics.changes(type);
        }
        changesTold.changed(size, time);
    }

    synchronized void observing(int known) {
        state = State.OBSERVING;
        reason = "";
        objects = known;
        metrics.observing(type, true);
    }

    synchronized void lost(String why) {
        if (state != State.GAP) {
            gaps++;
            metrics.gap(type);
        }
        state = State.GAP;
        reason = why;
        metrics.observing(type, false);
    }

    synchronized void reconnected() {
        metrics.reconnected(type);
    }

    synchronized void stopped() {
        state = State.STOPPED;
        metrics.stopped(type);
    }
}
