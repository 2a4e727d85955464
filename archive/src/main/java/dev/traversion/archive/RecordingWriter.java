/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.compaction.BackgroundCompaction;
import dev.traversion.archive.compaction.Compaction;
import dev.traversion.archive.members.Member;
import dev.traversion.archive.members.MemberId;
import dev.traversion.archive.members.Share;
import dev.traversion.archive.node.BackgroundNodeCompaction;
import dev.traversion.archive.node.NodeCompaction;
import dev.traversion.archive.seal.Sealer;
import dev.traversion.archive.seal.WriterClaim;
import dev.traversion.archive.seal.WriterClaim.Holder;
import dev.traversion.archive.store.Folders;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.KeptOutException;
import dev.traversion.archive.wal.WalFence;
import dev.traversion.archive.wal.WalLock;
import dev.traversion.archive.wal.WalWriter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes a recording: changes go to a local log that is synced in groups; in the background the log becomes committed parts, and,
 * for a store elsewhere, is copied there every few seconds. While the store fails, recording goes on in the log.
 */
public final class RecordingWriter implements RecordingSink {

    private static final Pattern WRITER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,250}");
    private static final Logger LOG = System.getLogger(RecordingWriter.class.getName());
    private static final long CHECK_MILLIS = 500;
    private static final int CLOSING_ATTEMPTS = 5;
    private static final long MOST_COPIED_BYTES = 1L << 30;
    private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(30);

    private final Store store;
    private final WriterOptions options;
    private final Execution execution;
    private final WalLock lock;
    private final LogFiles log;
    private final WalWriter wal;
    private final Sealer sealer;
    private final CommitRight right;

    /** Null if nobody else is to write. */
    private final Sharing sharing;

    private final Sealing sealing;
    private final BackgroundCompaction packing;
    private final BackgroundNodeCompaction nodes;
    private final Thread background;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong failedUploads = new AtomicLong();
    private volatile TraversionException failure;
    private volatile String storeProblem = "";
    private int failuresInARow;
    private boolean closed;

    /**
     * Opens a recording for writing, which is created if there is none.
     *
     * @throws TraversionException if it is of a newer format, or is being written by another process
     */
    public static RecordingWriter open(Store store, String clusterId, WriterOptions options) throws IOException {
        return open(store, clusterId, options, Execution.SYSTEM);
    }

    /** As {@link #open(Store, String, WriterOptions)}, on other threads than this machine's. */
    public static RecordingWriter open(Store store, String clusterId, WriterOptions options, Execution execution)
            throws IOException {
        return open(store, clusterId, options, execution, null);
    }

    /**
     * Opens a recording which several write at the same time, each its {@linkplain #share() share}. The log is kept in the state
     * directory also if the recording is in a directory of this machine.
     *
     * @param key tells whether two of them mask with the same key; nothing can be concluded from it
     * @throws TraversionException if it is of a newer format, or another process uses the state directory
     */
    public static RecordingWriter openShared(Store store, String clusterId, WriterOptions options, String key)
            throws IOException {
        return openShared(store, clusterId, options, key, Execution.SYSTEM);
    }

    /** As {@link #openShared(Store, String, WriterOptions, String)}, on other threads and another clock than this machine's. */
    public static RecordingWriter openShared(
            Store store, String clusterId, WriterOptions options, String key, Execution execution) throws IOException {
        return open(store, clusterId, options, execution, key);
    }

    private static RecordingWriter open(
            Store store, String clusterId, WriterOptions options, Execution execution, String key) throws IOException {
        if (!WRITER.matcher(options.writer()).matches()) {
            throw new TraversionException("\"" + options.writer()
                    + "\" cannot be the name of a recorder: use letters, digits, dots, dashes and underscores.");
        }
        Layout layout = new Layout(clusterId);
        layout.create(store);
        store.probe();
        LogFiles log = new LogFiles(store, layout, options, key != null);
        WalLock lock = WalLock.take(log.local(layout.wal()));
        try {
            Folders.settle(log.local(layout.root()));
            if (key != null && store.local(layout.wal()).isPresent()) {
                LogFiles.endLeftOpen(store.local(layout.wal()).orElseThrow());
            }
            return new RecordingWriter(store, layout, options, log, lock, execution, key);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** @param key null if nobody else is to write */
    private RecordingWriter(
            Store store,
            Layout layout,
            WriterOptions options,
            LogFiles log,
            WalLock lock,
            Execution execution,
            String key)
            throws IOException {
        this.store = store;
        this.options = options;
        this.execution = execution;
        this.log = log;
        this.lock = lock;
        Path work = log.local(layout.root() + "work");
        clean(work);
        LocalCopies parts = new LocalCopies(store, options.stateDirectory().resolve("parts"), MOST_COPIED_BYTES);
        Lock committing = new ReentrantLock();
        this.sealer = new Sealer(store, layout, log.here(), layout.wal(), parts, work, options.clock());
        this.packing = new BackgroundCompaction(
                new Compaction(store, layout, parts, work, options.clock(), committing), options.clock(), execution);
        this.nodes = new BackgroundNodeCompaction(
                new NodeCompaction(store, layout, parts, work), options.clock(), execution);
        long epoch = log.newestEpoch(sealer.committed().sealed()) + 1;
        if (key == null) {
            Optional<Holder> before = WriterClaim.newest(store, layout);
            WriterClaim claim = WriterClaim.take(store, layout, options.writer(), epoch, options.clock());
            epoch = claim.epoch();
            if (log.areCopied()) {
                endLogOf(before, layout);
            }
            this.sharing = null;
            this.right = new Alone(store, claim);
        } else {
            MemberId me = new MemberId(options.writer(), epoch);
            this.sharing = new Sharing(store, layout, parts, me, key, options.clock(), execution);
            this.right = sharing;
        }
        this.wal = new WalWriter(log.directory(), options.writer(), epoch, options.clock(), execution);
        log.finishEarlier(sealer.committed().sealed(), epoch);
        if (sharing != null) {
            sharing.join();
        }
        sealer.hasNewDenials();
        this.sealing = new Sealing(store, options, log, wal, sealer, right, committing);
        this.background = execution.thread("seal-" + options.writer(), this::maintain);
        background.setDaemon(true);
        background.start();
    }

    /** Nothing may appear in the log of the recorder before us once we have read where it ended. */
    private void endLogOf(Optional<Holder> before, Layout layout) throws IOException {
        if (before.isPresent()
                && before.get().log() > 0
                && !before.get().writer().equals(options.writer())) {
            WalFence.raise(
                    store,
                    layout.wal(),
                    before.get().writer(),
                    before.get().log(),
                    sealer.committed().sealed());
        }
    }

    /** Deletes what a crash left of files that were being written. */
    private static void clean(Path work) throws IOException {
        if (Files.isDirectory(work)) {
            try (Stream<Path> files = Files.list(work)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void append(Change change) throws InterruptedException {
        check();
        Change allowed = sealer.values().without(change);
        if (allowed != null) {
            wal.append(allowed);
        }
    }

    @Override
    public void mark(CoverageMark mark) throws InterruptedException {
        check();
        wal.mark(mark);
    }

    private void check() {
        if (failure != null) {
            throw new TraversionException(failure.getMessage(), failure);
        }
    }

    @Override
    public CompletableFuture<Void> synced() {
        try {
            return wal.synced();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public RecordingProgress progress() {
        long changes = wal.changes();
        return new RecordingProgress(
                changes,
                wal.bytes(),
                changes - sealing.changes(),
                sealing.parts(),
                sealing.bytes(),
                failedUploads.get(),
                storeProblem,
                wal.stalled());
    }

    /** How large the log on this machine is, bytes; the log of others in the same directory included. */
    public long logBytes() throws IOException {
        return log.bytes();
    }

    /** How large it may become while nothing can be sealed, bytes. */
    public long logBudget() {
        return options.mostLogBytes();
    }

    /** What of all that is served is ours to record. */
    public Share share() {
        if (sharing == null) {
            throw new IllegalStateException("the recording is not shared");
        }
        return sharing.membership();
    }

    /** Who else records at present, where several share the recording. */
    public List<Member> others() {
        return sharing == null ? List.of() : sharing.membership().others();
    }

    /** The types that are ours to record at present, where several share the recording. */
    public Set<ResourceType> ours() {
        return sharing == null ? Set.of() : sharing.membership().ours();
    }

    /** Whether it is this recorder that commits what all have recorded. */
    public boolean commits() {
        return right.commits();
    }

    /** Whether the others go on without this recorder, which was not heard of for a while: it may open the recording anew. */
    public boolean isKeptOut() {
        return failure instanceof KeptOutException;
    }

    private void maintain() {
        while (!isClosing(CHECK_MILLIS) && failure == null && wal.failure().isEmpty()) {
            try {
                boolean asked = sealing.tick();
                if (right.commits()) {
                    packing.tick();
                    nodes.tick();
                }
                if (asked) {
                    failuresInARow = 0;
                    storeProblem = "";
                }
                // What a seal freed is room again.
                wal.release();
            } catch (InterruptedException e) {
                return;
            } catch (KeptOutException | CannotContinueException e) {
                failure = e;
            } catch (IOException | ExecutionException | RuntimeException | Error e) {
                // Errors too: a seal may need more memory than there is just now.
                failedUploads.incrementAndGet();
                failuresInARow++;
                storeProblem = describe(e);
                LOG.log(Level.WARNING, "sealing or uploading failed, and is tried again: " + describe(e));
                LOG.log(Level.DEBUG, "the failure", e);
                // Longer after each failure in a row, up to half a minute.
                isClosing(Math.min(30_000, CHECK_MILLIS << Math.min(6, failuresInARow)));
                checkLogSize(describe(e));
            }
        }
    }

    /** While the store fails the log grows; there is an end to that: then the log stalls, until it can be sealed. */
    private void checkLogSize(String why) {
        try {
            long bytes = log.bytes();
            if (bytes > options.mostLogBytes()) {
                wal.hold("the log at " + log.location() + " has " + (bytes >> 20) + " MiB, which could not be sealed: "
                        + why);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the log's size is not known", e);
        }
    }

    private static String describe(Throwable e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Waits, unless the recording is being closed. */
    private boolean isClosing(long millis) {
        try {
            return execution.await(closing, millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Syncs, seals what is in the log, and lets go of it. Closing again does nothing.
     *
     * @throws TraversionException if it could not be written or sealed: what is in the log is sealed by the next writer
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        closing.countDown();
        try (lock) {
            if (!background.join(CLOSING_PATIENCE)) {
                background.interrupt();
                background.join();
            }
            packing.end();
            nodes.end();
            wal.close();
            if (failure == null) {
                sealFinally();
            }
            if (sharing != null) {
                sharing.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new TraversionException("Could not end the log of " + store.location() + ": " + e.getMessage(), e);
        }
        if (isKeptOut()) {
            return;
        }
        check();
        wal.failure().ifPresent(cause -> {
            throw new TraversionException(cause.getMessage(), cause);
        });
    }

    private void sealFinally() throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                sealing.finish();
                if (sharing != null) {
                    sharing.stop();
                    sharing.membership().leave();
                }
                return;
            } catch (KeptOutException | CannotContinueException e) {
                failure = e;
                return;
            } catch (IOException | TraversionException e) {
                // Retention may have committed at the same time.
                failedUploads.incrementAndGet();
                if (attempt == CLOSING_ATTEMPTS) {
                    throw new TraversionException(
                            "Could not seal the recording in " + store.location() + ": " + e.getMessage()
                                    + ". Nothing is lost: it is in the log at " + log.location()
                                    + " and is sealed when recording starts again.",
                            e);
                }
                execution.sleep(CHECK_MILLIS << attempt);
            }
        }
    }
}
