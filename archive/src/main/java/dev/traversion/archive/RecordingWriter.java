/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.Sealer;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.wal.SegmentName;
import dev.traversion.archive.wal.WalWriter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a recording: changes go to a local log that is synced in groups; in the background the log becomes committed parts, and,
 * for a store elsewhere, is copied there every few seconds. While the store fails, recording goes on in the log.
 */
public final class RecordingWriter implements RecordingSink {

    private static final Logger LOG = System.getLogger(RecordingWriter.class.getName());
    private static final long CHECK_MILLIS = 500;
    private static final int CLOSING_ATTEMPTS = 5;
    private static final long MOST_COPIED_BYTES = 1L << 30;

    private final Store store;
    private final WriterOptions options;
    private final Store walStore;
    private final String walPrefix;
    private final boolean walIsRemote;
    private final WalWriter wal;
    private final Sealer sealer;
    private final Thread background;
    private final Set<SegmentName> uploaded = new HashSet<>();

    private volatile boolean closing;
    private volatile long sealedChanges;
    private final AtomicLong sealedParts = new AtomicLong();
    private final AtomicLong sealedBytes = new AtomicLong();
    private final AtomicLong failedUploads = new AtomicLong();
    private volatile long partLimit;
    private Instant lastSeal;
    private Instant lastUpload;
    private int failuresInARow;

    /**
     * Opens a recording for writing, which is created if there is none.
     *
     * @throws TraversionException if it is of a newer format, or is being written by another process
     */
    public static RecordingWriter open(Store store, String clusterId, WriterOptions options) throws IOException {
        Layout layout = new Layout(clusterId);
        layout.create(store);
        return new RecordingWriter(store, layout, options);
    }

    private RecordingWriter(Store store, Layout layout, WriterOptions options) throws IOException {
        this.store = store;
        this.options = options;
        Optional<Path> local = store.local(layout.wal() + options.writer());
        this.walIsRemote = local.isEmpty();
        this.walStore = walIsRemote ? new FileStore(options.stateDirectory()) : store;
        this.walPrefix = layout.wal();
        this.sealer = new Sealer(
                store,
                layout,
                walStore,
                walPrefix,
                new LocalCopies(store, options.stateDirectory().resolve("parts"), MOST_COPIED_BYTES),
                walIsRemote
                        ? options.stateDirectory().resolve("work")
                        : local.get().resolve("../../work").normalize(),
                options.clock());
        if (walIsRemote) {
            fetchUnsealed();
        }
        Path directory = walStore.local(walPrefix + options.writer()).orElseThrow();
        this.wal = new WalWriter(directory, options.writer(), nextEpoch());
        this.lastSeal = options.clock().instant();
        this.lastUpload = lastSeal;
        this.partLimit = partLimit();
        this.background =
                Thread.ofPlatform().name("seal-" + options.writer()).daemon().start(this::maintain);
    }

    @Override
    public void append(Change change) throws InterruptedException {
        wal.append(change);
    }

    @Override
    public void mark(CoverageMark mark) throws InterruptedException {
        wal.mark(mark);
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
                failedUploads.get());
    }

    private void maintain() {
        while (!closing) {
            try {
                Thread.sleep(CHECK_MILLIS);
                Instant now = options.clock().instant();
                boolean old = lastSeal.plus(options.partDuration()).isBefore(now);
                long unsealed = wal.changes() - sealedChanges;
                if (unsealed >= partLimit || (old && unsealed > 0)) {
                    seal();
                } else if (walIsRemote
                        && lastUpload.plus(options.uploadInterval()).isBefore(now)) {
                    wal.roll().get();
                    upload();
                    lastUpload = now;
                }
                failuresInARow = 0;
            } catch (InterruptedException e) {
                return;
            } catch (IOException | ExecutionException | RuntimeException e) {
                failedUploads.incrementAndGet();
                failuresInARow++;
                LOG.log(Level.WARNING, "sealing or uploading failed, and is tried again: " + e.getMessage());
                LOG.log(Level.DEBUG, "the failure", e);
                pause();
            }
        }
    }

    /** Waits longer after each failure in a row, up to half a minute. */
    private void pause() {
        try {
            Thread.sleep(Math.min(30_000, CHECK_MILLIS << Math.min(6, failuresInARow)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void seal() throws IOException, InterruptedException, ExecutionException {
        long changes = wal.changes();
        SegmentName last = wal.roll().get();
        if (last == null) {
            return;
        }
        seal(last, changes);
    }

    private void seal(SegmentName last, long changes) throws IOException {
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
                }
            }
        }
    }

    private synchronized void upload() throws IOException {
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

    private long nextEpoch() throws IOException {
        long epoch = 0;
        for (StoredFile file : walStore.list(walPrefix)) {
            Optional<SegmentName> name = SegmentName.parse(file.path());
            if (name.isPresent() && name.get().writer().equals(options.writer())) {
                epoch = Math.max(epoch, name.get().epoch());
            }
        }
        SegmentName sealed = sealer.committed().sealed().get(options.writer());
        return Math.max(epoch, sealed == null ? 0 : sealed.epoch()) + 1;
    }

    private long partLimit() throws IOException {
        return Math.min(
                options.mostPartChanges(),
                Math.max(options.partChanges(), sealer.liveObjects() * options.partFactor()));
    }

    /**
     * Syncs, seals what is in the log, and lets go of it.
     *
     * @throws TraversionException if it could not be sealed: it is in the log then, and the next writer seals it
     */
    @Override
    public void close() {
        closing = true;
        background.interrupt();
        try {
            background.join();
            long changes = wal.changes();
            wal.close();
            if (wal.lastEnded() != null) {
                sealFinally(wal.lastEnded(), changes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new TraversionException("Could not end the log of " + store.location() + ": " + e.getMessage(), e);
        }
    }

    private void sealFinally(SegmentName last, long changes) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                seal(last, changes);
                return;
            } catch (IOException e) {
                failedUploads.incrementAndGet();
                if (attempt == CLOSING_ATTEMPTS) {
                    throw new TraversionException(
                            "Could not seal the recording in " + store.location() + ": " + e.getMessage()
                                    + ". Nothing is lost: it is in the log at " + walStore.location() + "/" + walPrefix
                                    + " and is sealed when recording starts again.",
                            e);
                }
                Thread.sleep(CHECK_MILLIS << attempt);
            }
        }
    }
}
