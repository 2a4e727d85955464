/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.Sealer;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.KeptOutException;
import dev.traversion.archive.wal.SegmentName;
import dev.traversion.archive.wal.WalWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;

/** Makes committed parts of the log when there is enough of it, and copies it to a store elsewhere every few seconds. */
final class Sealing {

    private static final int LOG_CHECKS = 20;

    /** How much smaller the log is than what its readers hold of it, at the least that is usual. */
    private static final int LOG_COMPRESSION = 8;

    /** How much was written when a segment ended. */
    private record Written(long changes, long bytes) {}

    private final Store store;
    private final WriterOptions options;
    private final LogFiles log;
    private final WalWriter wal;
    private final Sealer sealer;
    private final CommitRight right;
    private final Lock committing;
    private final NavigableMap<SegmentName, Written> ended = new TreeMap<>();
    private final AtomicLong parts = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Written sealed = new Written(0, 0);
    private long partLimit;
    private long othersBytes;
    private Instant lastSeal;
    private Instant lastUpload;
    private int checks;

    /** @param committing held while a part is committed, which nobody else of this process does then */
    Sealing(
            Store store,
            WriterOptions options,
            LogFiles log,
            WalWriter wal,
            Sealer sealer,
            CommitRight right,
            Lock committing)
            throws IOException {
        this.store = store;
        this.options = options;
        this.log = log;
        this.wal = wal;
        this.sealer = sealer;
        this.right = right;
        this.committing = committing;
        this.lastSeal = options.clock().instant();
        this.lastUpload = lastSeal;
        this.partLimit = partLimit();
    }

    /** How many changes of this recorder are sealed. */
    long changes() {
        return sealed.changes();
    }

    /** How many parts this recorder has made. */
    long parts() {
        return parts.get();
    }

    /** How large these are. */
    long bytes() {
        return bytes.get();
    }

    /**
     * Seals or uploads what is due.
     *
     * @return whether there was anything to do: only then does the store's answer say that nothing is wrong with it
     * @throws KeptOutException if the others go on without this recorder
     * @throws CannotContinueException if it may not go on
     * @throws IOException if the store fails; to be tried again
     */
    boolean tick() throws IOException, InterruptedException, ExecutionException {
        Instant now = options.clock().instant();
        boolean commits = right.isCommitter();
        long unsealed = wal.changes() - sealed.changes();
        boolean old = isDue(lastSeal, options.partDuration(), now);
        boolean large = wal.uncompressedBytes() - sealed.bytes() >= options.mostTailBytes();
        boolean stalled = !wal.stalled().isEmpty();
        boolean due = unsealed >= partLimit || large || ((old || stalled) && unsealed > 0) || isOthersDue(old);
        if (commits && due) {
            seal();
        } else if (log.areCopied() && (isDue(lastUpload, options.uploadInterval(), now) || isAwaited())) {
            upload();
            lastUpload = now;
        } else if (++checks % LOG_CHECKS == 0) {
            look(commits && unsealed > 0);
        } else {
            return false;
        }
        return true;
    }

    /** What others may have done meanwhile. */
    private void look(boolean sealable) throws IOException, InterruptedException, ExecutionException {
        right.check();
        if (right.isShared()) {
            log.delete(noteSealed(), false);
        }
        // Asked in any case: what is appended from now on is without it.
        boolean hasNewDenials = sealer.hasNewDenials();
        if (sealable && hasNewDenials) {
            seal();
        }
    }

    /** A clock that was put back does not keep anything waiting. */
    private static boolean isDue(Instant last, Duration interval, Instant now) {
        return now.isBefore(last) || now.isAfter(last.plus(interval));
    }

    /** Whether what others have recorded is to be sealed; bytes in the log are a fraction of what readers hold of them. */
    private boolean isOthersDue(boolean old) {
        return othersBytes >= options.mostTailBytes() / LOG_COMPRESSION || (old && othersBytes > 0);
    }

    /** Whether another recorder waits for what we have recorded. */
    private boolean isAwaited() {
        return !right.awaited().isEmpty();
    }

    private void seal() throws IOException, InterruptedException, ExecutionException {
        if (log.areCopied()) {
            upload();
            seal(wal.lastEnded(), written());
            return;
        }
        Written written = written();
        SegmentName last = wal.roll().get();
        if (last != null) {
            seal(last, written);
        }
    }

    private Written written() {
        return new Written(wal.changes(), wal.uncompressedBytes());
    }

    /** @param last null if this writer has written nothing; there may be what an earlier one left */
    private void seal(SegmentName last, Written written) throws IOException {
        Map<String, SegmentName> upTo = log.upTo(last, sealer.committed().sealed());
        // At each commit anew: the server behind an address may change.
        store.probe();
        if (!right.stillCommits()) {
            return;
        }
        sealer.claimedAs(right.epoch());
        PartFile part;
        committing.lock();
        try {
            part = sealer.seal(upTo);
        } finally {
            committing.unlock();
        }
        if (part != null) {
            parts.incrementAndGet();
            bytes.addAndGet(part.bytes());
        }
        lastSeal = options.clock().instant();
        partLimit = partLimit();
        if (!log.areCopied()) {
            sealed = written;
        }
        log.delete(noteSealed(), true);
    }

    /** Takes notice of how much of our log is sealed, by whomever. */
    private Map<String, SegmentName> noteSealed() throws IOException {
        Map<String, SegmentName> positions = sealer.committed().sealed();
        SegmentName position = positions.get(options.writer());
        Map.Entry<SegmentName, Written> last = position == null ? null : ended.floorEntry(position);
        if (last != null) {
            sealed = last.getValue();
            ended.headMap(last.getKey(), true).clear();
        }
        return positions;
    }

    /** Ends the current segment, and copies what has ended to the store. */
    private void upload() throws IOException, InterruptedException, ExecutionException {
        right.check();
        Set<ResourceType> awaited = right.awaited();
        Written written = written();
        SegmentName last = wal.roll().get();
        if (last != null) {
            ended.put(last, written);
        }
        copyEnded();
        right.published(awaited);
        othersBytes = right.isShared() && right.commits() ? log.othersBytes() : 0;
    }

    private void copyEnded() throws IOException {
        try {
            log.upload(name -> name.isUpTo(wal.lastEnded()) || name.epoch() < wal.epoch());
        } catch (KeptOutException e) {
            right.check();
            throw e;
        }
    }

    /**
     * Seals or uploads what is left, when nothing is written any more.
     *
     * @throws KeptOutException if the others go on without this recorder
     * @throws CannotContinueException if another recorder has the recording
     * @throws IOException if the store fails
     */
    void finish() throws IOException {
        SegmentName last = wal.lastEnded();
        if (log.areCopied()) {
            if (last != null) {
                ended.put(last, written());
            }
            copyEnded();
        }
        if (right.isCommitter()) {
            seal(last, written());
        }
    }

    private long partLimit() throws IOException {
        return Math.min(
                options.mostPartChanges(),
                Math.max(options.partChanges(), sealer.liveObjects() * options.partFactor()));
    }
}
