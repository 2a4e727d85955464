/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.coverage.CoverageSchema;
import dev.traversion.archive.denial.Denials;
import dev.traversion.archive.denial.Omissions;
import dev.traversion.archive.denial.SubjectSearch;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartHandle;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.PartWriter;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.part.VersionSource;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.SegmentName;
import dev.traversion.archive.wal.Tail;
import dev.traversion.archive.wal.WalFollower;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Makes a part of what is in the log: merges its changes with the objects alive at the end of the part before it. Both come sorted,
 * so memory holds the log's index and one row group. For one thread.
 */
public final class Sealer {

    private final Store store;
    private final Layout layout;
    private final CommitLog commits;
    private final Store walStore;
    private final String walPrefix;
    private final LocalCopies copies;
    private final Path workDirectory;
    private final Clock clock;
    private int obeyed;
    private volatile SubjectSearch values = SubjectSearch.NOTHING;

    /**
     * @param copies of the store
     * @param walStore where the log is, which need not be where the recording is
     * @param walPrefix of the log in it
     * @param workDirectory for files that are being written
     */
    public Sealer(
            Store store,
            Layout layout,
            Store walStore,
            String walPrefix,
            LocalCopies copies,
            Path workDirectory,
            Clock clock) {
        this.store = store;
        this.layout = layout;
        this.commits = new CommitLog(store, layout, copies);
        this.walStore = walStore;
        this.walPrefix = walPrefix;
        this.copies = copies;
        this.workDirectory = workDirectory;
        this.clock = clock;
    }

    /**
     * Says under which claim to commit.
     *
     * @param claim see {@link WriterClaim#epoch()}
     */
    public void claimedAs(long claim) {
        commits.claimedAs(claim);
    }

    /** What is committed. */
    public Committed committed() throws IOException {
        return commits.load();
    }

    /** Whether something was erased since the last seal: what is in the log of it should not stay there. */
    public boolean hasNewDenials() throws IOException {
        Denials denials = Denials.load(store, layout);
        values = denials.search();
        return denials.size() > obeyed;
    }

    /** What must not come into the log, as far as is known since {@link #hasNewDenials()} was last asked. */
    public SubjectSearch values() {
        return values;
    }

    /**
     * Seals the segments up to {@code last}, without what was erased.
     *
     * @param last the last segment to seal of each writer; writers that are not named have their whole log sealed
     * @return the new part, or null if there was nothing to seal
     */
    public PartFile seal(Map<String, SegmentName> last) throws IOException {
        Committed committed = commits.load();
        try (WalFollower wal = new WalFollower(walStore, walPrefix)) {
            wal.poll(committed.sealed(), last);
            Map<String, SegmentName> sealed = wal.lastSegments();
            if (sealed.isEmpty() || wal.tail().size() == 0) {
                // Marks alone make no part: they stay in the log until there is a change.
                return null;
            }
            PartFile previous =
                    committed.parts().isEmpty() ? null : committed.parts().getLast();
            long end = Math.max(wal.lastTime(), previous == null ? Long.MIN_VALUE : previous.end());
            long start = previous == null ? Math.min(wal.firstTime(), end) : Math.min(previous.end(), wal.firstTime());
            Path partPath = newFile();
            Path coveragePath = newFile();
            Denials denials = Denials.load(store, layout);
            try {
                WrittenFile part =
                        write(partPath, start, end, previous == null ? null : reader(previous), wal.tail(), denials);
                WrittenFile coverage = CoverageSchema.write(coveragePath, observed(wal, end));
                commits.commit(committed, part, start, coverage, sealed, clock);
                obeyed = denials.size();
                List<PartFile> parts = commits.load().parts();
                return parts.isEmpty() ? null : parts.getLast();
            } finally {
                Files.deleteIfExists(partPath);
                Files.deleteIfExists(coveragePath);
            }
        }
    }

    /** The end itself is known, so a gap that begins there is one; unless it is the end because recording was to stop there. */
    private static List<CoverageInterval> observed(WalFollower wal, long end) {
        return wal.coverage().intervals(end + 1, false).stream()
                .filter(interval -> interval.observed()
                        || interval.from() < end
                        || !interval.reason().equals(CoverageMark.STOPPED))
                .toList();
    }

    private Path newFile() throws IOException {
        Files.createDirectories(workDirectory);
        return workDirectory.resolve(UUID.randomUUID() + ".unfinished");
    }

    /** The objects alive at the end of what is committed. */
    public long liveObjects() throws IOException {
        List<PartFile> parts = commits.load().parts();
        long count = 0;
        if (!parts.isEmpty()) {
            try (VersionCursor live = reader(parts.getLast()).live()) {
                while (live.next()) {
                    count++;
                }
            }
        }
        return count;
    }

    private PartReader reader(PartFile part) throws IOException {
        try {
            return new PartHandle(part, copies, PartCaches.forHeap()).reader();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Writes a part of changes and of what was alive before them.
     *
     * @param path a new file
     * @param start ns, of the part
     * @param end likewise
     * @param before the part before it; null if there is none
     * @param denials what is left out
     */
    public static WrittenFile write(
            Path path, long start, long end, PartReader before, Tail changesSince, Denials denials) throws IOException {
        List<VersionSource> known = before == null ? List.of(changesSince) : List.of(before, changesSince);
        Omissions omissions = denials.omissions(known);
        try (PartWriter part = new PartWriter(path, start, end, Compression.QUICK);
                VersionCursor changes = new AllowedVersions(changesSince.sorted(), omissions);
                VersionCursor live = before == null ? null : new AllowedVersions(before.live(), omissions)) {
            if (before != null) {
                part.follow(before);
            }
            boolean hasLive = live != null && live.next();
            boolean hasChange = changes.next();
            while (hasLive || hasChange) {
                int order = !hasLive
                        ? 1
                        : !hasChange
                                ? -1
                                : live.current()
                                        .key()
                                        .compareTo(changes.current().key());
                if (order <= 0) {
                    long until = order == 0 ? changes.current().observedAt() : Long.MAX_VALUE;
                    part.add(live.current(), until, true);
                    hasLive = live.next();
                } else {
                    ObjectVersion version = changes.current();
                    hasChange = changes.next();
                    boolean sameKey = hasChange && changes.current().key().equals(version.key());
                    part.add(version, sameKey ? changes.current().observedAt() : Long.MAX_VALUE, false);
                }
            }
            return part.finish();
        }
    }
}
