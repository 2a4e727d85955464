/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.Sealer;
import dev.traversion.archive.seal.WriterClaim;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.wal.SegmentName;
import dev.traversion.archive.wal.WalLock;
import dev.traversion.archive.wal.WalWriter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final int LOG_CHECKS = 20;

    private final Store store;
    private final WriterOptions options;
    private final Execution execution;
    private final Store walStore;
    private final String walPrefix;
    private final boolean walIsRemote;
    private final WalLock lock;
    private final WriterClaim claim;
    private final WalWriter wal;
    private final Sealer sealer;
    private final Thread background;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<SegmentName> uploaded = new HashSet<>();

    private volatile TraversionException failure;
    private volatile long sealedChanges;
    private volatile long sealedTailBytes;
    private final AtomicLong sealedParts = new AtomicLong();
    private final AtomicLong sealedBytes = new AtomicLong();
    private final AtomicLong failedUploads = new AtomicLong();
    private volatile String storeProblem = "";
    private volatile long partLimit;
    private Instant lastSeal;
    private Instant lastUpload;
    private int failuresInARow;
    private int checks;
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
        if (!WRITER.matcher(options.writer()).matches()) {
            throw new TraversionException("\"" + options.writer()
                    + "\" cannot be the name of a recorder: use letters, digits, dots, dashes and underscores.");
        }
        Layout layout = new Layout(clusterId);
        layout.create(store);
        store.probe();
        Store walStore = store.local(layout.wal()).isPresent() ? store : new FileStore(options.stateDirectory());
        WalLock lock = WalLock.take(walStore.local(layout.wal()).orElseThrow());
        try {
            return new RecordingWriter(store, layout, options, walStore, lock, execution);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private RecordingWriter(
            Store store, Layout layout, WriterOptions options, Store walStore, WalLock lock, Execution execution)
            throws IOException {
        this.store = store;
        this.options = options;
        this.execution = execution;
        this.walStore = walStore;
        this.walIsRemote = store.local(layout.wal()).isEmpty();
        this.walPrefix = layout.wal();
        this.lock = lock;
        Path work = walStore.local(layout.root() + "work").orElseThrow();
        clean(work);
        this.sealer = new Sealer(
                store,
                layout,
                walStore,
                walPrefix,
                new LocalCopies(store, options.stateDirectory().resolve("parts"), MOST_COPIED_BYTES),
                work,
                options.clock());
        this.claim = WriterClaim.take(store, layout, options.writer(), newestEpoch() + 1, options.clock());
        if (walIsRemote) {
            fetchUnsealed();
        }
        Path directory = walStore.local(walPrefix + options.writer()).orElseThrow();
        this.wal = new WalWriter(directory, options.writer(), claim.epoch(), options.clock(), execution);
        this.lastSeal = options.clock().instant();
        this.lastUpload = lastSeal;
        this.partLimit = partLimit();
        this.background = execution.thread("seal-" + options.writer(), this::maintain);
        background.setDaemon(true);
        background.start();
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
        wal.append(change);
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
                changes - sealedChanges,
                sealedParts.get(),
                sealedBytes.get(),
                failedUploads.get(),
                storeProblem,
                wal.stalled());
    }

    private void maintain() {
        while (!isClosing(CHECK_MILLIS) && failure == null && wal.failure().isEmpty()) {
            try {
                sealOrUpload();
                failuresInARow = 0;
                storeProblem = "";
                // What a seal freed is room again.
                wal.release();
            } catch (InterruptedException e) {
                return;
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

    private void sealOrUpload() throws IOException, InterruptedException, ExecutionException {
        Instant now = options.clock().instant();
        long unsealed = wal.changes() - sealedChanges;
        boolean old = isDue(lastSeal, options.partDuration(), now);
        boolean large = wal.uncompressedBytes() - sealedTailBytes >= options.mostTailBytes();
        boolean stalled = !wal.stalled().isEmpty();
        if (unsealed >= partLimit || large || ((old || stalled) && unsealed > 0)) {
            seal();
        } else if (walIsRemote && isDue(lastUpload, options.uploadInterval(), now)) {
            wal.roll().get();
            upload();
            lastUpload = now;
        } else if (++checks % LOG_CHECKS == 0) {
            checkClaim();
        }
    }

    /** A clock that was put back does not keep anything waiting. */
    private static boolean isDue(Instant last, Duration interval, Instant now) {
        return now.isBefore(last) || now.isAfter(last.plus(interval));
    }

    /** While the store fails the log grows; there is an end to that: then the log stalls, until it can be sealed. */
    private void checkLogSize(String why) {
        try {
            long bytes = 0;
            for (StoredFile file : walStore.list(walPrefix)) {
                bytes += file.size();
            }
            if (bytes > options.mostLogBytes()) {
                wal.hold("the log at " + walStore.location() + "/" + walPrefix + " has " + (bytes >> 20)
                        + " MiB, which could not be sealed: " + why);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the log's size is not known", e);
        }
    }

    private void checkClaim() throws IOException {
        if (!claim.isHeld()) {
            failure = new TraversionException("Another recorder has taken over the recording in " + store.location()
                    + ". Only one may record a cluster into one place; stop the other, or record to another place.");
            throw failure;
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

    private void seal() throws IOException, InterruptedException, ExecutionException {
        long changes = wal.changes();
        long tailBytes = wal.uncompressedBytes();
        SegmentName last = wal.roll().get();
        if (last != null) {
            seal(last, changes, tailBytes);
        }
    }

    private void seal(SegmentName last, long changes, long tailBytes) throws IOException {
        checkClaim();
        // At each commit anew: the server behind an address may change.
        store.probe();
        Map<String, SegmentName> upTo = new TreeMap<>();
        for (StoredFile file : walStore.list(walPrefix)) {
            SegmentName.parse(file.path()).ifPresent(name -> upTo.put(name.writer(), name));
        }
        upTo.put(last.writer(), last);
        PartFile part = sealer.seal(upTo);
        if (part != null) {
            sealedParts.incrementAndGet();
            sealedBytes.addAndGet(part.bytes());
        }
        sealedChanges = changes;
        sealedTailBytes = tailBytes;
        lastSeal = options.clock().instant();
        partLimit = partLimit();
        deleteSealed();
    }

    private void deleteSealed() throws IOException {
        Map<String, SegmentName> sealed = sealer.committed().sealed();
        for (Store place : walIsRemote ? new Store[] {store, walStore} : new Store[] {walStore}) {
            for (StoredFile file : place.list(walPrefix)) {
                Optional<SegmentName> name = SegmentName.parse(file.path());
                if (name.isPresent() && name.get().isUpTo(sealed.get(name.get().writer()))) {
                    place.delete(file.path());
                    uploaded.remove(name.get());
                }
            }
        }
    }

    private void upload() throws IOException {
        checkClaim();
        for (StoredFile file : walStore.list(walPrefix)) {
            Optional<SegmentName> name = SegmentName.parse(file.path());
            if (name.isEmpty() || uploaded.contains(name.get()) || !isEnded(name.get())) {
                continue;
            }
            try {
                store.create(file.path(), walStore.local(file.path()).orElseThrow());
            } catch (FileAlreadyExistsException e) {
                LOG.log(Level.DEBUG, "uploaded before: " + file.path());
            }
            uploaded.add(name.get());
        }
    }

    private boolean isEnded(SegmentName name) {
        SegmentName ended = wal.lastEnded();
        return !name.writer().equals(options.writer()) || name.isUpTo(ended) || name.epoch() < wal.epoch();
    }

    /** What was uploaded by a recorder elsewhere, and not sealed, is sealed by us. */
    private void fetchUnsealed() throws IOException {
        Map<String, SegmentName> sealed = sealer.committed().sealed();
        for (StoredFile file : store.list(walPrefix)) {
            Optional<SegmentName> name = SegmentName.parse(file.path());
            Path target = walStore.local(file.path()).orElseThrow();
            if (name.isPresent() && !name.get().isUpTo(sealed.get(name.get().writer())) && !Files.exists(target)) {
                try (InputStream in = store.read(file.path())) {
                    walStore.create(file.path(), in.readAllBytes());
                }
            }
        }
    }

    private long newestEpoch() throws IOException {
        long epoch = 0;
        for (StoredFile file : walStore.list(walPrefix)) {
            epoch = Math.max(
                    epoch,
                    SegmentName.parse(file.path()).map(SegmentName::epoch).orElse(0L));
        }
        for (SegmentName sealed : sealer.committed().sealed().values()) {
            epoch = Math.max(epoch, sealed.epoch());
        }
        return epoch;
    }

    private long partLimit() throws IOException {
        return Math.min(
                options.mostPartChanges(),
                Math.max(options.partChanges(), sealer.liveObjects() * options.partFactor()));
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
            wal.close();
            if (failure == null && wal.lastEnded() != null) {
                sealFinally(wal.lastEnded());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new TraversionException("Could not end the log of " + store.location() + ": " + e.getMessage(), e);
        }
        check();
        wal.failure().ifPresent(cause -> {
            throw new TraversionException(cause.getMessage(), cause);
        });
    }

    private void sealFinally(SegmentName last) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                seal(last, wal.changes(), wal.uncompressedBytes());
                if (walIsRemote) {
                    upload();
                }
                return;
            } catch (IOException | TraversionException e) {
                // Retention may have committed at the same time; another recorder that took over is no reason to try
                // again.
                check();
                failedUploads.incrementAndGet();
                if (attempt == CLOSING_ATTEMPTS) {
                    throw new TraversionException(
                            "Could not seal the recording in " + store.location() + ": " + e.getMessage()
                                    + ". Nothing is lost: it is in the log at " + walStore.location() + "/" + walPrefix
                                    + " and is sealed when recording starts again.",
                            e);
                }
                execution.sleep(CHECK_MILLIS << attempt);
            }
        }
    }
}
