/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Execution;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.CoverageFold;
import dev.traversion.archive.store.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The segments of one writer. What is added is collected, and {@link #sync()} puts it on the disk. Written by one thread; its figures
 * are read by others.
 *
 * <p>A disk that is full (or a log that has become too large) stalls it: a gap is declared for what was being observed, for which space is
 * {@linkplain ReservedSpace reserved}, and what was collected is kept until there is room.
 */
final class SegmentLog {

    private static final long RETRY_MILLIS = 500;

    /** After a stall, what was queued and waited in sockets meanwhile comes late. */
    private static final long CATCHING_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Path directory;
    private final String writer;
    private final long epoch;
    private final Clock clock;
    private final Execution execution;
    private final Runnable whileStalled;
    private final ReservedSpace reserved;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong uncompressedBytes = new AtomicLong();
    private volatile boolean closing;
    private volatile String held = "";
    private volatile String stalled = "";
    private volatile SegmentName ended;

    /** Why a gap is to be declared; {@code ""} if none is. */
    private String gap = "";

    /** What was observed when the log stalled, and is observed again once all that waited is written. */
    private final Map<ResourceType, CoverageMark> reopening = new TreeMap<>();

    private long reopenAt;
    private long lastTime;
    private SegmentWriter segment;
    private CoverageFold coverage = new CoverageFold();
    private long sequence;
    private int pendingChanges;

    /**
     * Goes on with a writer's log, after ending what a crash left open in it.
     *
     * @param clock for the end of a gap
     * @param whileStalled called now and then as long as nothing can be written
     * @throws TraversionException if a segment is damaged
     */
    SegmentLog(Path directory, String writer, long epoch, Clock clock, Execution execution, Runnable whileStalled)
            throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.epoch = epoch;
        this.clock = clock;
        this.execution = execution;
        this.whileStalled = whileStalled;
        this.reserved = new ReservedSpace(directory);
        Folders.create(directory);
        WalFollower.recover(directory);
        reserved.take();
    }

    void add(Change change) throws IOException, InterruptedException {
        segment().add(change);
        coverage.changed(change.key().type(), change.observedAt());
        lastTime = Math.max(lastTime, change.observedAt());
        pendingChanges++;
    }

    void add(CoverageMark mark) throws IOException, InterruptedException {
        write(mark);
        if (mark.kind() != CoverageMark.Kind.CONFIRMED) {
            reopening.remove(mark.type());
        }
    }

    private void write(CoverageMark mark) throws IOException, InterruptedException {
        segment().add(mark);
        coverage.add(mark);
        lastTime = Math.max(lastTime, mark.at());
    }

    /** Whether what was collected should be synced before more is added. */
    boolean isBlockFull() {
        return segment != null && segment.isBlockFull();
    }

    /** Puts what was collected on the disk, as soon as the disk lets it. */
    void sync() throws IOException, InterruptedException {
        persist(this::syncSegment);
    }

    /**
     * Does what is due after a sync: declares a gap and waits for room, says that it is over, ends the segment.
     *
     * @param roll whether the segment is to be ended
     * @param idle whether nothing else waits to be written
     */
    void endGroup(boolean roll, boolean idle) throws IOException, InterruptedException {
        if (gap.isEmpty()) {
            gap = held;
        }
        if (!gap.isEmpty() && !closing) {
            stall();
        } else if (!reopening.isEmpty() && (idle || execution.nanoTime() - reopenAt >= 0)) {
            reopen();
        }
        if (segment != null && (roll || segment.isFull())) {
            endSegment();
        }
    }

    /** Stalls the log for a reason, until that is {@code ""}. */
    void hold(String reason) {
        held = reason;
    }

    /** Nothing is waited for any more. */
    void closing() {
        closing = true;
    }

    /** Lets go of the segment without another write. */
    void abandon() throws IOException {
        if (segment != null) {
            segment.abandon();
        }
    }

    /** Gives the reserved space back. */
    void release() throws IOException {
        reserved.release();
    }

    /** Why nothing is written at present; {@code ""} if it is. */
    String stalled() {
        return stalled;
    }

    /** The last segment that was ended; null if there is none. */
    SegmentName ended() {
        return ended;
    }

    /** Changes on the disk. */
    long changes() {
        return changes.get();
    }

    /** Bytes on the disk. */
    long bytes() {
        return bytes.get();
    }

    /** Bytes on the disk before compression. */
    long uncompressedBytes() {
        return uncompressedBytes.get();
    }

    private interface Write {
        void run() throws IOException;
    }

    /** Writes, as soon as the disk lets it; a gap is to be declared if that took more than one attempt. */
    private void persist(Write write) throws IOException, InterruptedException {
        for (int attempts = 0; ; attempts++) {
            try {
                write.run();
                return;
            } catch (IOException e) {
                if (closing) {
                    throw e;
                }
                gap = "the recording in " + directory + " cannot be written: " + describe(e);
                stalled = gap;
                reserved.release();
                if (attempts > 0) {
                    execution.sleep(RETRY_MILLIS);
                }
            }
        }
    }

    /** Declares the gap, and waits until there is room again. */
    private void stall() throws IOException, InterruptedException {
        reserved.release();
        for (CoverageMark observed : coverage.state()) {
            if (observed.kind() == CoverageMark.Kind.OPENED) {
                write(new CoverageMark(
                        observed.type(), CoverageMark.Kind.CLOSED, observed.at(), observed.resourceVersion(), gap));
                reopening.put(observed.type(), observed);
            }
        }
        if (segment != null) {
            endSegment();
        }
        // Only now: whoever sees it stalled may seal what was written before.
        stalled = gap;
        while (!closing && (!held.isEmpty() || !isRoomReserved())) {
            whileStalled.run();
            execution.sleep(RETRY_MILLIS);
        }
        gap = "";
        stalled = "";
        reopenAt = execution.nanoTime() + CATCHING_UP_NANOS;
    }

    private boolean isRoomReserved() {
        try {
            reserved.take();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Says that what was observed before a stall is observed again. */
    private void reopen() throws IOException, InterruptedException {
        long now = Math.max(Times.nanos(clock.instant()), lastTime + 1);
        for (CoverageMark before : reopening.values()) {
            write(new CoverageMark(
                    before.type(), CoverageMark.Kind.OPENED, now, before.resourceVersion(), before.reason()));
        }
        reopening.clear();
        sync();
    }

    private SegmentWriter segment() throws IOException, InterruptedException {
        if (segment == null) {
            persist(() -> segment = new SegmentWriter(directory, new SegmentName(writer, epoch, sequence)));
            List<CoverageMark> state = coverage.state();
            coverage = new CoverageFold();
            for (CoverageMark mark : state) {
                segment.add(mark);
                coverage.add(mark);
            }
        }
        return segment;
    }

    private void syncSegment() throws IOException {
        if (segment != null) {
            long before = segment.bytes();
            int uncompressed = segment.pendingBytes();
            segment.sync();
            uncompressedBytes.addAndGet(uncompressed);
            bytes.addAndGet(segment.bytes() - before);
            changes.addAndGet(pendingChanges);
            pendingChanges = 0;
        }
    }

    private void endSegment() throws IOException, InterruptedException {
        persist(segment::complete);
        segment.abandon();
        segment = null;
        ended = new SegmentName(writer, epoch, sequence);
        sequence++;
    }

    static String describe(Throwable cause) {
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
