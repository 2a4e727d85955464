/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Execution;
import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Appends to the log of one writer. Callers queue; one thread writes what is queued as a block and syncs it, so that one sync serves
 * all who waited meanwhile. Safe for concurrent use.
 *
 * <p>A disk that is full (or a log that has become too large) {@linkplain SegmentLog stalls} the log: callers wait, and what was queued
 * is kept. It goes on by itself.
 */
public final class WalWriter implements AutoCloseable {

    private static final Logger LOG = System.getLogger(WalWriter.class.getName());
    private static final int QUEUE_LENGTH = 8_192;
    private static final int QUEUE_KIB = 32 << 10;
    private static final long PATIENCE_MILLIS = 100;

    /** What comes one by one shares a sync with what comes this much later, unless somebody waits for it. */
    private static final long GATHER_MILLIS = 10;

    private record Sync(CompletableFuture<Void> done) {}

    private record Roll(CompletableFuture<SegmentName> done, boolean last) {}

    private final Path directory;
    private final long epoch;
    private final SegmentLog log;
    private final Execution execution;
    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final Semaphore queuedKib = new Semaphore(QUEUE_KIB);
    private final Thread thread;
    private volatile TraversionException failure;
    private volatile boolean closed;

    /** Counted down when what is queued is to be written at once. */
    private volatile CountDownLatch hurried = new CountDownLatch(1);

    /** Goes on with a writer's log, as {@link #WalWriter(Path, String, long, Clock, Execution)}, on a thread of this machine. */
    public WalWriter(Path directory, String writer, long epoch, Clock clock) throws IOException {
        this(directory, writer, epoch, clock, Execution.SYSTEM);
    }

    /**
     * Goes on with a writer's log, after ending what a crash left open in it. The caller holds the {@linkplain WalLock lock}.
     *
     * @param directory of this writer's segments, {@code .../wal/<writer>}
     * @param epoch greater than all before
     * @param clock for the end of a gap
     * @throws TraversionException if a segment is damaged
     */
    public WalWriter(Path directory, String writer, long epoch, Clock clock, Execution execution) throws IOException {
        this.directory = directory;
        this.epoch = epoch;
        this.execution = execution;
        this.log = new SegmentLog(directory, writer, epoch, clock, execution, this::completeRolls);
        this.thread = execution.thread("wal-" + writer, this::run);
        thread.start();
    }

    /** @throws IllegalArgumentException if the body is larger than {@link Change#LARGEST_BODY}: no reader would take the block */
    public void append(Change change) throws InterruptedException {
        if (change.body().length > Change.LARGEST_BODY) {
            throw new IllegalArgumentException(change.key() + " has " + change.body().length + " bytes");
        }
        enqueue(change, kib(change));
    }

    public void mark(CoverageMark mark) throws InterruptedException {
        enqueue(mark, 0);
    }

    /** Completes when everything queued before is on the disk. */
    public CompletableFuture<Void> synced() throws InterruptedException {
        Sync sync = new Sync(new CompletableFuture<>());
        enqueue(sync, 0);
        hurry();
        return sync.done;
    }

    /** Ends the current segment after everything queued before; completes with the last segment ended, null if there is none. */
    public CompletableFuture<SegmentName> roll() throws InterruptedException {
        Roll roll = new Roll(new CompletableFuture<>(), false);
        while (log.stalled().isEmpty()) {
            check();
            if (queue.offer(roll, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                hurry();
                return roll.done;
            }
        }
        // What is queued has to wait, and the segment before it was ended.
        return CompletableFuture.completedFuture(log.ended());
    }

    /**
     * Stalls the log, as a full disk does, until it is released.
     *
     * @param reason for the gap
     */
    public void hold(String reason) {
        log.hold(reason);
    }

    public void release() {
        log.hold("");
    }

    /** Why nothing is written at present; {@code ""} if it is. */
    public String stalled() {
        return log.stalled();
    }

    public long epoch() {
        return epoch;
    }

    /** The last segment that was ended; null if there is none. */
    public SegmentName lastEnded() {
        return log.ended();
    }

    /** Changes on the disk. */
    public long changes() {
        return log.changes();
    }

    /** Bytes on the disk. */
    public long bytes() {
        return log.bytes();
    }

    /** Bytes on the disk before compression: what a reader of the log will hold of it. */
    public long uncompressedBytes() {
        return log.uncompressedBytes();
    }

    private void enqueue(Object item, int kib) throws InterruptedException {
        check();
        if (!queuedKib.tryAcquire(kib)) {
            hurry();
            while (!queuedKib.tryAcquire(kib, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                check();
            }
        }
        if (!queue.offer(item)) {
            hurry();
            while (!queue.offer(item, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                check();
            }
        }
        check();
    }

    private void hurry() {
        hurried.countDown();
    }

    /** Waits a little for more, so that one block and one sync serve it all. */
    private void gather(Object first) throws InterruptedException {
        if (first instanceof Change || first instanceof CoverageMark) {
            execution.await(hurried, GATHER_MILLIS);
        }
        if (hurried.getCount() == 0) {
            // Who hurries has queued before, and what is queued is written now.
            hurried = new CountDownLatch(1);
        }
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
                Object first = queue.take();
                gather(first);
                running = writeGroup(first, waiting);
            } catch (InterruptedException | IOException | RuntimeException | Error e) {
                // Errors too: whoever waits for this thread has to learn that it is not there any more.
                fail(e, waiting);
                running = false;
            }
        }
        refuseQueued();
        try {
            log.release();
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
                case Change change -> log.add(change);
                case CoverageMark mark -> log.add(mark);
                case Sync sync -> waiting.add(sync.done);
                case Roll asked -> roll = asked;
                default -> throw new IllegalStateException("not an item of the log: " + item);
            }
            item = roll != null || log.isBlockFull() ? null : queue.poll();
        }
        log.sync();
        queuedKib.release(released);
        waiting.forEach(done -> done.complete(null));
        waiting.clear();
        log.endGroup(roll != null, queue.isEmpty());
        if (roll == null) {
            return true;
        }
        closed |= roll.last;
        roll.done.complete(log.ended());
        return !roll.last;
    }

    /** What waits for the end of a segment need not wait for a stalled log; except the last one, which ends it. */
    private void completeRolls() {
        List<Roll> rolls = new ArrayList<>();
        queue.removeIf(item -> item instanceof Roll roll && !roll.last && rolls.add(roll));
        rolls.forEach(roll -> roll.done.complete(log.ended()));
    }

    private void fail(Throwable cause, List<CompletableFuture<Void>> waiting) {
        failure = new TraversionException(
                "Cannot write the recording in " + directory + ": " + SegmentLog.describe(cause)
                        + ". What was recorded before is safe; make room or mend the disk, then record again.",
                cause);
        try {
            log.abandon();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        waiting.forEach(done -> done.completeExceptionally(failure));
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
        log.closing();
        try {
            Roll last = new Roll(new CompletableFuture<>(), true);
            while (thread.isAlive() && !queue.offer(last, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                Thread.onSpinWait();
            }
            hurry();
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
