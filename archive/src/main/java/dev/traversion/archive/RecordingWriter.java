/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.compaction.BackgroundCompaction;
import dev.traversion.archive.compaction.Compaction;
import dev.traversion.archive.members.Member;
import dev.traversion.archive.members.MemberFiles;
import dev.traversion.archive.members.MemberId;
import dev.traversion.archive.members.Share;
import dev.traversion.archive.node.BackgroundNodeCompaction;
import dev.traversion.archive.node.NodeCompaction;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.Sealer;
import dev.traversion.archive.seal.WriterClaim;
import dev.traversion.archive.seal.WriterClaim.Holder;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Folders;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.wal.KeptOutException;
import dev.traversion.archive.wal.LogCopies;
import dev.traversion.archive.wal.SegmentName;
import dev.traversion.archive.wal.WalFence;
import dev.traversion.archive.wal.WalFollower;
import dev.traversion.archive.wal.WalLock;
import dev.traversion.archive.wal.WalWriter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    private static final int LOG_CHECKS = 20;

    /** How much smaller the log is than what its readers hold of it, at the least that is usual. */
    private static final int LOG_COMPRESSION = 8;

    private final Store store;
    private final WriterOptions options;
    private final Execution execution;
    private final Store walStore;
    private final String walPrefix;
    private final WalLock lock;
    private final LogCopies copies;
    private final WriterClaim claim;
    private final Sharing sharing;
    private final WalWriter wal;
    private final Sealer sealer;
    private final Lock committing = new ReentrantLock();
    private final BackgroundCompaction packing;
    private final BackgroundNodeCompaction nodes;
    private final Thread background;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final NavigableMap<SegmentName, Long[]> ended = new TreeMap<>();

    private volatile TraversionException failure;
    private volatile long sealedChanges;
    private volatile long sealedTailBytes;
    private final AtomicLong sealedParts = new AtomicLong();
    private final AtomicLong sealedBytes = new AtomicLong();
    private final AtomicLong failedUploads = new AtomicLong();
    private volatile String storeProblem = "";
    private volatile long partLimit;
    private long othersBytes;
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
        boolean isHere = key == null && store.local(layout.wal()).isPresent();
        Store walStore = isHere ? store : new FileStore(options.stateDirectory());
        WalLock lock = WalLock.take(walStore.local(layout.wal()).orElseThrow());
        try {
            Folders.settle(walStore.local(layout.root()).orElseThrow());
            if (key != null && store.local(layout.wal()).isPresent()) {
                endLeftOpen(store.local(layout.wal()).orElseThrow());
            }
            return new RecordingWriter(store, layout, options, walStore, lock, execution, key);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The log of a recorder that was alone in a directory of this machine, and is not there any more, is ended. */
    private static void endLeftOpen(Path logs) throws IOException {
        WalLock alone = WalLock.take(logs);
        try (alone;
                Stream<Path> writers = Files.list(logs)) {
            for (Path writer : writers.filter(Files::isDirectory).toList()) {
                WalFollower.recover(writer);
            }
        }
    }

    /** @param key null if nobody else is to write */
    private RecordingWriter(
            Store store,
            Layout layout,
            WriterOptions options,
            Store walStore,
            WalLock lock,
            Execution execution,
            String key)
            throws IOException {
        this.store = store;
        this.options = options;
        this.execution = execution;
        this.walStore = walStore;
        this.walPrefix = layout.wal();
        this.lock = lock;
        Path work = walStore.local(layout.root() + "work").orElseThrow();
        clean(work);
        LocalCopies parts = new LocalCopies(store, options.stateDirectory().resolve("parts"), MOST_COPIED_BYTES);
        this.sealer = new Sealer(store, layout, walStore, walPrefix, parts, work, options.clock());
        this.packing = new BackgroundCompaction(
                new Compaction(store, layout, parts, work, options.clock(), committing), options.clock(), execution);
        this.nodes = new BackgroundNodeCompaction(
                new NodeCompaction(store, layout, parts, work), options.clock(), execution);
        boolean isHere = key == null && store.local(layout.wal()).isPresent();
        this.copies = isHere ? null : new LogCopies(store, walStore, walPrefix, options.writer());
        long epoch = newestEpoch(layout) + 1;
        if (key == null) {
            Optional<Holder> before = WriterClaim.newest(store, layout);
            this.claim = WriterClaim.take(store, layout, options.writer(), epoch, options.clock());
            epoch = claim.epoch();
            if (copies != null) {
                endLogOf(before);
            }
            this.sharing = null;
        } else {
            this.claim = null;
            MemberId me = new MemberId(options.writer(), epoch);
            this.sharing = new Sharing(store, layout, parts, me, key, options.clock(), execution);
        }
        Path directory = walStore.local(walPrefix + options.writer()).orElseThrow();
        this.wal = new WalWriter(directory, options.writer(), epoch, options.clock(), execution);
        if (copies != null) {
            copies.finishEarlier(sealer.committed().sealed(), epoch);
        }
        if (sharing != null) {
            sharing.join();
        }
        sealer.hasNewDenials();
        this.lastSeal = options.clock().instant();
        this.lastUpload = lastSeal;
        this.partLimit = partLimit();
        this.background = execution.thread("seal-" + options.writer(), this::maintain);
        background.setDaemon(true);
        background.start();
    }

    /** Nothing may appear in the log of the recorder before us once we have read where it ended. */
    private void endLogOf(Optional<Holder> before) throws IOException {
        if (before.isPresent()
                && before.get().log() > 0
                && !before.get().writer().equals(options.writer())) {
            WalFence.raise(
                    store,
                    walPrefix,
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
                changes - sealedChanges,
                sealedParts.get(),
                sealedBytes.get(),
                failedUploads.get(),
                storeProblem,
                wal.stalled());
    }

    /** How large the log on this machine is, bytes; the log of others in the same directory included. */
    public long logBytes() throws IOException {
        long bytes = 0;
        for (StoredFile file : walStore.list(walPrefix)) {
            bytes += file.size();
        }
        return bytes;
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
        return sharing == null || sharing.commits();
    }

    /** Whether the others go on without this recorder, which was not heard of for a while: it may open the recording anew. */
    public boolean isKeptOut() {
        return failure instanceof KeptOutException;
    }

    private void maintain() {
        while (!isClosing(CHECK_MILLIS) && failure == null && wal.failure().isEmpty()) {
            try {
                boolean asked = sealOrUpload();
                if (sharing == null || sharing.commits()) {
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
            } catch (KeptOutException e) {
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

    /** Whether there was anything to do: only then does the store's answer say that nothing is wrong with it. */
    private boolean sealOrUpload() throws IOException, InterruptedException, ExecutionException {
        Instant now = options.clock().instant();
        boolean commits = sharing == null || isCommitter();
        long unsealed = wal.changes() - sealedChanges;
        boolean old = isDue(lastSeal, options.partDuration(), now);
        boolean large = wal.uncompressedBytes() - sealedTailBytes >= options.mostTailBytes();
        boolean stalled = !wal.stalled().isEmpty();
        boolean due = unsealed >= partLimit || large || ((old || stalled) && unsealed > 0) || isOthersDue(old);
        if (commits && due) {
            seal();
        } else if (copies != null && (isDue(lastUpload, options.uploadInterval(), now) || isAwaited())) {
            upload();
            lastUpload = now;
        } else if (++checks % LOG_CHECKS == 0) {
            if (sharing == null) {
                checkClaim();
            } else {
                copies.delete(noteSealed(), false);
            }
            // Asked in any case: what is appended from now on is without it.
            boolean hasNewDenials = sealer.hasNewDenials();
            if (commits && unsealed > 0 && hasNewDenials) {
                seal();
            }
        } else {
            return false;
        }
        return true;
    }

    /** A clock that was put back does not keep anything waiting. */
    private static boolean isDue(Instant last, Duration interval, Instant now) {
        return now.isBefore(last) || now.isAfter(last.plus(interval));
    }

    private boolean isCommitter() throws IOException {
        if (sharing.membership().isLost()) {
            throw new KeptOutException("The others did not hear of this recorder for a while, and go on without it.");
        }
        boolean commits = sharing.isCommitter();
        if (sharing.failure() != null) {
            failure = sharing.failure();
            throw failure;
        }
        return commits;
    }

    /** Whether what others have recorded is to be sealed; bytes in the log are a fraction of what readers hold of them. */
    private boolean isOthersDue(boolean old) {
        return sharing != null
                && (othersBytes >= options.mostTailBytes() / LOG_COMPRESSION || (old && othersBytes > 0));
    }

    /** Whether another recorder waits for what we have recorded. */
    private boolean isAwaited() {
        return sharing != null && !sharing.membership().ended().isEmpty();
    }

    /** While the store fails the log grows; there is an end to that: then the log stalls, until it can be sealed. */
    private void checkLogSize(String why) {
        try {
            long bytes = logBytes();
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
        if (copies != null) {
            upload();
            seal(wal.lastEnded(), wal.changes(), wal.uncompressedBytes());
            return;
        }
        long changes = wal.changes();
        long tailBytes = wal.uncompressedBytes();
        SegmentName last = wal.roll().get();
        if (last != null) {
            seal(last, changes, tailBytes);
        }
    }

    /**
     * What is in the store is sealed by whoever commits; only that is, since what is not there may be kept out of it.
     *
     * @param last null if this writer has written nothing; there may be what an earlier one left
     */
    private void seal(SegmentName last, long changes, long tailBytes) throws IOException {
        Map<String, SegmentName> upTo = copies == null
                ? hereUpTo(last)
                : copies.fetch(sealer.committed().sealed());
        // At each commit anew: the server behind an address may change.
        store.probe();
        if (sharing == null) {
            checkClaim();
        } else if (!sharing.stillCommits()) {
            return;
        }
        sealer.claimedAs(sharing == null ? claim.epoch() : sharing.epoch());
        PartFile part;
        committing.lock();
        try {
            part = sealer.seal(upTo);
        } finally {
            committing.unlock();
        }
        if (part != null) {
            sealedParts.incrementAndGet();
            sealedBytes.addAndGet(part.bytes());
        }
        lastSeal = options.clock().instant();
        partLimit = partLimit();
        if (copies == null) {
            sealedChanges = changes;
            sealedTailBytes = tailBytes;
            deleteSealed();
        } else {
            copies.delete(noteSealed(), true);
        }
    }

    private Map<String, SegmentName> hereUpTo(SegmentName last) throws IOException {
        Map<String, SegmentName> upTo = new TreeMap<>();
        for (StoredFile file : walStore.list(walPrefix)) {
            SegmentName.parse(file.path()).ifPresent(name -> upTo.put(name.writer(), name));
        }
        if (last != null) {
            upTo.put(last.writer(), last);
        }
        return upTo;
    }

    private void deleteSealed() throws IOException {
        Map<String, SegmentName> sealed = sealer.committed().sealed();
        for (StoredFile file : walStore.list(walPrefix)) {
            Optional<SegmentName> name = SegmentName.parse(file.path());
            if (name.isPresent() && name.get().isUpTo(sealed.get(name.get().writer()))) {
                walStore.delete(file.path());
            }
        }
    }

    /** Takes notice of how much of our log is sealed, by whomever. */
    private Map<String, SegmentName> noteSealed() throws IOException {
        Map<String, SegmentName> sealed = sealer.committed().sealed();
        SegmentName position = sealed.get(options.writer());
        Map.Entry<SegmentName, Long[]> last = position == null ? null : ended.floorEntry(position);
        if (last != null) {
            sealedChanges = last.getValue()[0];
            sealedTailBytes = last.getValue()[1];
            ended.headMap(last.getKey(), true).clear();
        }
        return sealed;
    }

    /** Ends the current segment, and copies what has ended to the store. */
    private void upload() throws IOException, InterruptedException, ExecutionException {
        if (sharing == null) {
            checkClaim();
        }
        Set<ResourceType> awaited =
                sharing == null ? Set.of() : sharing.membership().ended();
        long changes = wal.changes();
        long tailBytes = wal.uncompressedBytes();
        SegmentName last = wal.roll().get();
        if (last != null) {
            ended.put(last, new Long[] {changes, tailBytes});
        }
        copyEnded();
        if (sharing != null) {
            sharing.membership().published(awaited);
            othersBytes = sharing.commits() ? copies.othersBytes() : 0;
        }
    }

    private void copyEnded() throws IOException {
        try {
            copies.upload(name -> name.isUpTo(wal.lastEnded()) || name.epoch() < wal.epoch());
        } catch (KeptOutException e) {
            if (sharing == null) {
                checkClaim();
            }
            throw e;
        }
    }

    /** Of this writer: what is in the log, here or in the store, and what was sealed. */
    private long newestEpoch(Layout layout) throws IOException {
        long epoch = 0;
        for (Store place : copies == null ? List.of(walStore) : List.of(walStore, store)) {
            for (StoredFile file : place.list(walPrefix)) {
                epoch = Math.max(
                        epoch,
                        SegmentName.parse(file.path()).map(SegmentName::epoch).orElse(0L));
            }
        }
        for (SegmentName sealed : sealer.committed().sealed().values()) {
            epoch = Math.max(epoch, sealed.epoch());
        }
        for (MemberId member : new MemberFiles(store, layout).list().keySet()) {
            epoch = Math.max(epoch, member.epoch());
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
            packing.end();
            nodes.end();
            wal.close();
            if (failure == null) {
                sealFinally(wal.lastEnded());
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

    private void sealFinally(SegmentName last) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                if (copies != null) {
                    if (last != null) {
                        ended.put(last, new Long[] {wal.changes(), wal.uncompressedBytes()});
                    }
                    copyEnded();
                }
                if (sharing == null || sharing.isCommitter()) {
                    seal(last, wal.changes(), wal.uncompressedBytes());
                }
                if (sharing != null) {
                    sharing.stop();
                    sharing.membership().leave();
                }
                return;
            } catch (KeptOutException e) {
                failure = e;
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
