/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.CoverageFold;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Appends to the log of one writer. Callers queue; one thread writes what is queued as a block and syncs it, so that one sync serves
 * all who waited meanwhile. Safe for concurrent use.
 *
 * <p>A disk that is full (or a log that has become too large) stalls the log: callers wait, what was queued is kept, and a gap is
 * declared for what was being observed, for which space is {@linkplain ReservedSpace reserved}. It goes on by itself.
 */
public final class WalWriter implements AutoCloseable {

    private static final Logger LOG = System.getLogger(WalWriter.class.getName());
    private static final int QUEUE_LENGTH = 8_192;
    private static final int QUEUE_KIB = 32 << 10;
    private static final long PATIENCE_MILLIS = 100;
    private static final long RETRY_MILLIS = 500;

    /** After a stall, what was queued and waited in sockets meanwhile comes late. */
    private static final long CATCHING_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Sync(CompletableFuture<Void> done) {}

    private record Roll(CompletableFuture<SegmentName> done, boolean last) {}

    private final Path directory;
    private final String writer;
    private final long epoch;
    private final Clock clock;
    private final ReservedSpace reserved;
    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final Semaphore queuedKib = new Semaphore(QUEUE_KIB);
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong uncompressedBytes = new AtomicLong();
    private final Thread thread;
    private volatile TraversionException failure;
    private volatile boolean closed;
    private volatile boolean closing;
    private volatile String held = "";
    private volatile String stalled = "";

    /** Why a gap is to be declared; {@code ""} if none is. */
    private String gap = "";

    /** What was observed when the log stalled, and is observed again once all that waited is written. */
    private final Map<ResourceType, CoverageMark> reopening = new TreeMap<>();

    private long reopenAt;
    private long lastTime;

    private SegmentWriter segment;
    private CoverageFold coverage = new CoverageFold();
    private long sequence;
    private volatile SegmentName ended;
    private int pendingChanges;

    /**
     * Goes on with a writer's log, after ending what a crash left open in it. The caller holds the {@linkplain WalLock lock}.
     *
     * @param directory of this writer's segments, {@code .../wal/<writer>}
     * @param epoch greater than all before
     * @param clock for the end of a gap
     * @throws TraversionException if a segment is damaged
     */
    public WalWriter(Path directory, String writer, long epoch, Clock clock) throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.epoch = epoch;
        this.clock = clock;
        this.reserved = new ReservedSpace(directory);
        this.thread = Thread.ofPlatform().name("wal-" + writer).unstarted(this::run);
        Files.createDirectories(directory);
        WalFollower.recover(directory);
        reserved.take();
        thread.start();
    }

    public void append(Change change) throws InterruptedException {
        enqueue(change, kib(change));
    }

    public void mark(CoverageMark mark) throws InterruptedException {
        enqueue(mark, 0);
    }

    /** Completes when everything queued before is on the disk. */
    public CompletableFuture<Void> synced() throws InterruptedException {
        Sync sync = new Sync(new CompletableFuture<>());
        enqueue(sync, 0);
        return sync.done;
    }

    /** Ends the current segment after everything queued before; completes with the last segment ended, null if there is none. */
    public CompletableFuture<SegmentName> roll() throws InterruptedException {
        Roll roll = new Roll(new CompletableFuture<>(), false);
        while (stalled.isEmpty()) {
            check();
            if (queue.offer(roll, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return roll.done;
            }
        }
        // What is queued has to wait, and the segment before it was ended.
        return CompletableFuture.completedFuture(ended);
    }

    /**
     * Stalls the log, as a full disk does, until it is released.
     *
     * @param reason for the gap
     */
    public void hold(String reason) {
        held = reason;
    }

    public void release() {
        held = "";
    }

    /** Why nothing is written at present; {@code ""} if it is. */
    public String stalled() {
        return stalled;
    }

    public long epoch() {
        return epoch;
    }

    /** The last segment that was ended; null if there is none. */
    public SegmentName lastEnded() {
        return ended;
    }

    /** Changes on the disk. */
    public long changes() {
        return changes.get();
    }

    /** Bytes on the disk. */
    public long bytes() {
        return bytes.get();
    }

    /** Bytes on the disk before compression: what a reader of the log will hold of it. */
    public long uncompressedBytes() {
        return uncompressedBytes.get();
    }

    private void enqueue(Object item, int kib) throws InterruptedException {
        check();
        while (!queuedKib.tryAcquire(kib, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            check();
        }
        while (!queue.offer(item, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            check();
        }
        check();
    }

    private void check() {
        if (failure != null) {
            throw new TraversionException(failure.getMessage(), failure);
        }
        if (closed) {
            throw new TraversionException("The recording in " + directory + " is closed.");
        }
    }

    /** What an item takes of the queue's memory; a body larger than all of it still gets through, alone. */
    private static int kib(Object item) {
        return item instanceof Change change ? Math.min(QUEUE_KIB, (change.body().length >> 10) + 1) : 0;
    }

    private void run() {
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        boolean running = true;
        while (running) {
            try {
                running = writeGroup(queue.take(), waiting);
            } catch (InterruptedException | IOException | RuntimeException | Error e) {
                // Errors too: whoever waits for this thread has to learn that it is not there any more.
                fail(e, waiting);
                running = false;
            }
        }
        refuseQueued();
        try {
            reserved.release();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "reserved space stays in " + directory, e);
        }
    }

    /** Writes an item and all that is queued behind it; false after the last one. */
    private boolean writeGroup(Object first, List<CompletableFuture<Void>> waiting)
            throws IOException, InterruptedException {
        Object item = first;
        Roll roll = null;
        int released = 0;
        while (item != null && roll == null) {
            released += kib(item);
            switch (item) {
                case Change change -> {
                    segment().add(change);
                    coverage.changed(change.key().type(), change.observedAt());
                    lastTime = Math.max(lastTime, change.observedAt());
                    pendingChanges++;
                }
                case CoverageMark mark -> {
                    add(mark);
                    if (mark.kind() != CoverageMark.Kind.CONFIRMED) {
                        reopening.remove(mark.type());
                    }
                }
                case Sync sync -> waiting.add(sync.done);
                case Roll asked -> roll = asked;
                default -> throw new IllegalStateException("not an item of the log: " + item);
            }
            item = roll != null || (segment != null && segment.isBlockFull()) ? null : queue.poll();
        }
        persist(this::sync);
        queuedKib.release(released);
        waiting.forEach(done -> done.complete(null));
        waiting.clear();
        if (gap.isEmpty()) {
            gap = held;
        }
        if (!gap.isEmpty() && !closing) {
            stall();
        } else if (!reopening.isEmpty() && (queue.isEmpty() || System.nanoTime() - reopenAt >= 0)) {
            reopen();
        }
        if (segment != null && (roll != null || segment.isFull())) {
            endSegment();
        }
        if (roll == null) {
            return true;
        }
        closed |= roll.last;
        roll.done.complete(ended);
        return !roll.last;
    }

    private void add(CoverageMark mark) throws IOException, InterruptedException {
        segment().add(mark);
        coverage.add(mark);
        lastTime = Math.max(lastTime, mark.at());
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
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        }
    }

    /** Declares the gap, and waits until there is room again. */
    private void stall() throws IOException, InterruptedException {
        stalled = gap;
        reserved.release();
        for (CoverageMark observed : coverage.state()) {
            if (observed.kind() == CoverageMark.Kind.OPENED) {
                add(new CoverageMark(
                        observed.type(), CoverageMark.Kind.CLOSED, observed.at(), observed.resourceVersion(), gap));
                reopening.put(observed.type(), observed);
            }
        }
        if (segment != null) {
            endSegment();
        }
        while (!closing && (!held.isEmpty() || !isRoomReserved())) {
            rollsQueued().forEach(roll -> roll.done.complete(ended));
            Thread.sleep(RETRY_MILLIS);
        }
        gap = "";
        stalled = "";
        reopenAt = System.nanoTime() + CATCHING_UP_NANOS;
    }

    private boolean isRoomReserved() {
        try {
            reserved.take();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes them from the queue, except the last one, which ends it. */
    private List<Roll> rollsQueued() {
        List<Roll> rolls = new ArrayList<>();
        queue.removeIf(item -> item instanceof Roll roll && !roll.last && rolls.add(roll));
        return rolls;
    }

    /** Says that what was observed before a stall is observed again. */
    private void reopen() throws IOException, InterruptedException {
        long now = Math.max(Times.nanos(clock.instant()), lastTime + 1);
        for (CoverageMark before : reopening.values()) {
            add(new CoverageMark(
                    before.type(), CoverageMark.Kind.OPENED, now, before.resourceVersion(), before.reason()));
        }
        reopening.clear();
        persist(this::sync);
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

    private void sync() throws IOException {
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

    private void fail(Throwable cause, List<CompletableFuture<Void>> waiting) {
        failure = new TraversionException(
                "Cannot write the recording in " + directory + ": " + describe(cause)
                        + ". What was recorded before is safe; make room or mend the disk, then record again.",
                cause);
        try {
            if (segment != null) {
                segment.abandon();
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        waiting.forEach(done -> done.completeExceptionally(failure));
    }

    private static String describe(Throwable cause) {
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    /** What came too late is not recorded, and whoever waits for it is told. */
    private void refuseQueued() {
        List<Object> rest = new ArrayList<>();
        queue.drainTo(rest);
        TraversionException reason =
                failure != null ? failure : new TraversionException("The recording in " + directory + " is closed.");
        for (Object item : rest) {
            if (item instanceof Sync sync) {
                sync.done.completeExceptionally(reason);
            } else if (item instanceof Roll roll) {
                roll.done.completeExceptionally(reason);
            }
        }
    }

    /** Why nothing can be written any more; empty as long as it can. */
    public Optional<TraversionException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Writes what is queued and ends the segment, unless writing failed before. Closing again does nothing. */
    @Override
    public void close() {
        closing = true;
        try {
            Roll last = new Roll(new CompletableFuture<>(), true);
            while (thread.isAlive() && !queue.offer(last, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                Thread.onSpinWait();
            }
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
