/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.CoverageFold;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private static final long SEGMENT_BYTES = 64L << 20;
    private static final long HELD_BYTES = 192L << 20;

    private record Sync(CompletableFuture<Void> done) {}

    private record Roll(CompletableFuture<SegmentName> done, boolean last) {}

    private final Path directory;
    private final String writer;
    private final long epoch;
    private final FileChannel lockFile;
    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final Semaphore queuedKib = new Semaphore(QUEUE_KIB);
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Thread thread;
    private volatile TraversionException failure;

    private SegmentWriter segment;
    private CoverageFold coverage = new CoverageFold();
    private long sequence;
    private volatile SegmentName ended;
    private int pendingChanges;

    /**
     * Takes hold of a writer's log and ends what a crash left open in it.
     *
     * @param directory of this writer's segments
     * @param epoch greater than all before
     * @throws TraversionException if another process writes there
     */
    public WalWriter(Path directory, String writer, long epoch) throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.epoch = epoch;
        this.lockFile = lock(directory);
        this.thread = Thread.ofPlatform().name("wal-" + writer).unstarted(this::run);
        WalFollower.recover(directory);
        thread.start();
    }

    private static FileChannel lock(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new TraversionException(
                    "Another recorder is writing to " + directory + ". Stop it, or record to another directory.");
        }
        return channel;
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
        return roll(false);
    }

    private CompletableFuture<SegmentName> roll(boolean last) throws InterruptedException {
        Roll roll = new Roll(new CompletableFuture<>(), last);
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

    private void enqueue(Object item, int kib) throws InterruptedException {
        queuedKib.acquire(kib);
        while (!queue.offer(item, 100, TimeUnit.MILLISECONDS)) {
            check();
        }
        check();
    }

    private void check() {
        if (failure != null) {
            throw new TraversionException(failure.getMessage(), failure);
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
            } catch (InterruptedException e) {
                fail(new IOException("interrupted", e), waiting);
                running = false;
            } catch (IOException e) {
                fail(e, waiting);
                running = false;
            }
        }
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
        if (segment != null && (roll != null || segment.bytes() > SEGMENT_BYTES || segment.heldBytes() > HELD_BYTES)) {
            endSegment();
        }
        if (roll != null) {
            roll.done.complete(ended);
        }
        return roll == null || !roll.last;
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
            segment.sync();
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

    private void fail(IOException cause, List<CompletableFuture<Void>> waiting) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
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
        List<Object> rest = new ArrayList<>();
        queue.drainTo(rest);
        for (Object item : rest) {
            if (item instanceof Sync sync) {
                sync.done.completeExceptionally(failure);
            } else if (item instanceof Roll roll) {
                roll.done.completeExceptionally(failure);
            }
        }
        queuedKib.release(QUEUE_KIB);
    }

    /** Writes what is queued, ends the segment and lets go of the log. */
    @Override
    public void close() throws IOException {
        try {
            if (failure == null) {
                roll(true).join();
            }
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CompletionException e) {
            throw new TraversionException(e.getCause().getMessage(), e);
        } finally {
            lockFile.close();
        }
    }
}
