/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.CoverageFold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Appends to the log of one writer. Callers queue; one thread writes what is queued as a block and syncs it, so that one sync serves
 * all who waited meanwhile. Safe for concurrent use.
 */
public final class WalWriter implements AutoCloseable {

    private static final int QUEUE_LENGTH = 8_192;
    private static final int QUEUE_KIB = 32 << 10;
    private static final long PATIENCE_MILLIS = 100;

    private record Sync(CompletableFuture<Void> done) {}

    private record Roll(CompletableFuture<SegmentName> done, boolean last) {}

    private final Path directory;
    private final String writer;
    private final long epoch;
    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final Semaphore queuedKib = new Semaphore(QUEUE_KIB);
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong uncompressedBytes = new AtomicLong();
    private final Thread thread;
    private volatile TraversionException failure;
    private volatile boolean closed;

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
     * @throws TraversionException if a segment is damaged
     */
    public WalWriter(Path directory, String writer, long epoch) throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.epoch = epoch;
        this.thread = Thread.ofPlatform().name("wal-" + writer).unstarted(this::run);
        Files.createDirectories(directory);
        WalFollower.recover(directory);
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
        enqueue(roll, 0);
        return roll.done;
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
    }

    /** Writes an item and all that is queued behind it; false after the last one. */
    private boolean writeGroup(Object first, List<CompletableFuture<Void>> waiting) throws IOException {
        Object item = first;
        Roll roll = null;
        int released = 0;
        while (item != null && roll == null) {
            released += kib(item);
            switch (item) {
                case Change change -> {
                    segment().add(change);
                    pendingChanges++;
                }
                case CoverageMark mark -> {
                    segment().add(mark);
                    coverage.add(mark);
                }
                case Sync sync -> waiting.add(sync.done);
                case Roll asked -> roll = asked;
                default -> throw new IllegalStateException("not an item of the log: " + item);
            }
            item = roll != null || (segment != null && segment.isBlockFull()) ? null : queue.poll();
        }
        sync();
        queuedKib.release(released);
        waiting.forEach(done -> done.complete(null));
        waiting.clear();
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

    private SegmentWriter segment() throws IOException {
        if (segment == null) {
            segment = new SegmentWriter(directory, new SegmentName(writer, epoch, sequence));
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

    private void endSegment() throws IOException {
        segment.close();
        segment = null;
        ended = new SegmentName(writer, epoch, sequence);
        sequence++;
    }

    private void fail(Throwable cause, List<CompletableFuture<Void>> waiting) {
        String reason =
                cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
        failure = new TraversionException(
                "Cannot write the recording in " + directory + ": " + reason
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
