/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.Coverage;
import dev.traversion.archive.coverage.CoverageSchema;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.VersionsSchema;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.table.RecordingTable;
import dev.traversion.archive.wal.SegmentName;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The commits of a recording: reads them, and makes new ones. For one thread at a time. */
public final class CommitLog {

    private static final String CLAIM = "traversion.claim";
    private static final String SEALED_PREFIX = "traversion.wal.";
    private static final String COVERAGE_COMMIT = "traversion.coverage";

    /** The property of a commit that names the files about it which are to be sealed, with spaces between. */
    static final String DOCUMENTS = "traversion.documents";

    private static final int MANY_FILES = 100;

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final RecordingTable versions;
    private final RecordingTable coverage;
    private final SealChain chain;
    private final Map<String, List<CoverageInterval>> readCoverage = new HashMap<>();
    private long claimed;
    private Committed committed = new Committed(0, List.of(), List.of(), Map.of());

    /** @param copies of the same store */
    public CommitLog(Store store, Layout layout, LocalCopies copies) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.versions = new RecordingTable(store, layout.versions(), VersionsSchema.TABLE);
        this.coverage = new RecordingTable(store, layout.coverage(), CoverageSchema.TABLE);
        this.chain = new SealChain(store, layout, versions, coverage);
    }

    /**
     * What is committed now; the same instance if nothing is new.
     *
     * @throws TraversionException if a file of a commit is damaged
     */
    public Committed load() throws IOException {
        try {
            return loadWhole();
        } catch (EOFException | IllegalArgumentException | IllegalStateException | NullPointerException e) {
            // What Iceberg and Avro make of bytes that make no sense.
            throw damaged(e);
        } catch (RuntimeException e) {
            if (e.getClass().getName().startsWith("org.apache.")) {
                throw damaged(e);
            }
            throw e;
        }
    }

    private TraversionException damaged(Exception e) {
        return new TraversionException(
                "The commits of " + store.location() + "/" + layout.root() + " are damaged (" + e.getMessage()
                        + "). Restore the files in versions/metadata and coverage/metadata from a copy of the recording.",
                e);
    }

    private Committed loadWhole() throws IOException {
        // Before the commits: one that is made and sealed meanwhile is not missing.
        int newestSeal = committed.commit() == 0 ? chain.newest() : 0;
        versions.refresh();
        checkIsThere(versions, layout.versions(), newestSeal);
        if (versions.commit() == committed.commit()) {
            return committed;
        }
        coverage.refresh();
        int known = coverageCommit(versions.summary());
        if (coverage.commit() < known) {
            // The one after what was seen last may have been deleted long ago, as if there was none.
            coverage.refreshFromNewest();
        }
        checkIsThere(coverage, layout.coverage(), known);
        List<PartFile> parts = new ArrayList<>();
        for (RecordingTable.File file : versions.files()) {
            parts.add(part(file));
        }
        parts.sort(Comparator.comparingLong(PartFile::end).thenComparingLong(PartFile::start));
        List<CoverageInterval> intervals = new ArrayList<>();
        for (RecordingTable.File file : coverage.files()) {
            if (!readCoverage.containsKey(file.path())) {
                readCoverage.put(file.path(), readCoverage(file.path()));
            }
            intervals.addAll(readCoverage.get(file.path()));
        }
        committed = new Committed(
                versions.commit(), List.copyOf(parts), Coverage.merge(intervals), sealed(versions.summary()));
        return committed;
    }

    private List<CoverageInterval> readCoverage(String path) throws IOException {
        return copies.open(path, file -> CoverageSchema.read(file, path));
    }

    /** Without its newest commit a table would look whole, and be shorter. */
    private void checkIsThere(RecordingTable table, String root, int commit) {
        if (table.commit() < commit) {
            throw new TraversionException(
                    store.location() + "/" + root + "/metadata/v" + commit
                            + ".metadata.json is missing, although something was built on it. Restore it from a copy of the recording.");
        }
    }

    /** What a commit's summary says of the log: the last segment of each writer that is in parts. */
    static Map<String, SegmentName> sealed(Map<String, String> summary) {
        Map<String, SegmentName> sealed = new TreeMap<>();
        summary.forEach((name, value) -> {
            if (name.startsWith(SEALED_PREFIX)) {
                String writer = name.substring(SEALED_PREFIX.length());
                String[] position = value.split("-", 2);
                sealed.put(writer, new SegmentName(writer, Long.parseLong(position[0]), Long.parseLong(position[1])));
            }
        });
        return sealed;
    }

    /** The commit of coverage before the one of parts that has this summary; 0 if it does not say. */
    static int coverageCommit(Map<String, String> summary) {
        return Integer.parseInt(summary.getOrDefault(COVERAGE_COMMIT, "0"));
    }

    /**
     * Says under which claim commits are made from now on; it is written into them.
     *
     * @param claim see {@link WriterClaim#epoch()}
     */
    public void claimedAs(long claim) {
        claimed = claim;
    }

    /** The claim that the newest commit of data was made under; 0 if none is told. */
    private static long newestClaim(RecordingTable versions) {
        return Long.parseLong(versions.summary().getOrDefault(CLAIM, "0"));
    }

    /**
     * Stores a part and what was observed meanwhile, commits both, and seals the commit.
     *
     * @param base what the part continues
     * @param part the finished part; not stored yet, nor at all if it has no rows
     * @param observed likewise
     * @param segments the last segment contained, by writer
     * @throws TraversionException if somebody else committed since {@code base}
     */
    public void commit(
            Committed base,
            WrittenFile part,
            long partStart,
            WrittenFile observed,
            Map<String, SegmentName> segments,
            Clock clock)
            throws IOException {
        if (load().commit() != base.commit()) {
            throw new TraversionException("The recording in " + store.location()
                    + " changed while a part of it was written. Nothing is damaged; try again.");
        }
        if (claimed > 0 && newestClaim(versions) > claimed) {
            throw new TraversionException("Another recorder commits to the recording in " + store.location()
                    + " by now. Nothing is damaged.");
        }
        coverage.refresh();
        chain.complete(clock);
        String partPath = layout.versions() + "/data/part=" + partStart + "/" + part.name();
        String day = clock.instant().toString().substring(0, 10);
        String observedPath = layout.coverage() + "/data/day=" + day + "/" + observed.name();
        List<RecordingTable.Addition> added =
                part.rows() == 0 ? List.of() : List.of(new RecordingTable.Addition(partPath, part));
        if (!added.isEmpty()) {
            store.create(partPath, part.path());
        }
        store.create(observedPath, observed.path());
        coverage.append(List.of(new RecordingTable.Addition(observedPath, observed)), Map.of());

        Map<String, SegmentName> sealed = new TreeMap<>(committed.sealed());
        sealed.putAll(segments);
        versions.append(added, summary(sealed));
        load();
        chain.complete(clock);
    }

    /**
     * Replaces the coverage that is committed by what {@code change} makes of it; does nothing if that is the same, and in few files.
     *
     * @param work a new file, written meanwhile
     * @return whether it is so now; if not, somebody else committed meanwhile
     */
    public boolean rewriteCoverage(UnaryOperator<List<CoverageInterval>> change, Path work, Clock clock)
            throws IOException {
        coverage.refresh();
        List<String> replaced = new ArrayList<>();
        List<CoverageInterval> intervals = new ArrayList<>();
        for (RecordingTable.File file : coverage.files()) {
            replaced.add(file.path());
            intervals.addAll(readCoverage(file.path()));
        }
        List<CoverageInterval> before = Coverage.merge(intervals);
        List<CoverageInterval> after = change.apply(before);
        if (after.equals(before) && replaced.size() < MANY_FILES) {
            return true;
        }
        WrittenFile written = CoverageSchema.write(work, after);
        String day = clock.instant().toString().substring(0, 10);
        String path = layout.coverage() + "/data/day=" + day + "/" + written.name();
        store.create(path, written.path());
        return coverage.replace(replaced, List.of(new RecordingTable.Addition(path, written)), Map.of());
    }

    /**
     * Puts parts in the place of others, or of none, in one sealed commit. What is in the log stays as it is.
     *
     * @param base what the new parts were made of
     * @param replaced paths of parts
     * @param parts stored here, where nobody reads them before the commit
     * @param documents files about the commit that are sealed with it; the first says what is removed and why
     * @return whether it is so now; if not, somebody else committed since {@code base}
     */
    public boolean replace(
            Committed base, Set<String> replaced, List<NewPart> parts, List<String> documents, Clock clock)
            throws IOException {
        if (load().commit() != base.commit()) {
            return false;
        }
        chain.complete(clock);
        coverage.refresh();
        List<RecordingTable.Addition> additions = new ArrayList<>();
        for (NewPart part : parts) {
            String path = part.path(layout);
            store.create(path, part.file().path());
            additions.add(new RecordingTable.Addition(path, part.file()));
        }
        Map<String, String> summary = summary(committed.sealed());
        summary.put(DOCUMENTS, String.join(" ", documents));
        if (!versions.replace(replaced, additions, summary)) {
            return false;
        }
        load();
        chain.complete(clock);
        return true;
    }

    /** Seals what a crash left without a seal. */
    public void seal(Clock clock) throws IOException {
        load();
        chain.complete(clock);
    }

    static PartFile part(RecordingTable.File file) {
        return new PartFile(
                file.path(),
                file.least().get(VersionsSchema.PART_START),
                file.greatest().get(VersionsSchema.PART_END),
                file.rows(),
                file.bytes());
    }

    /** The files of the table of coverage, by path. */
    public List<String> coverageFiles() throws IOException {
        return coverage.files().stream().map(RecordingTable.File::path).toList();
    }

    /** The removals that were committed, by path. */
    public List<String> removals() throws IOException {
        return documents(Removal.FOLDER);
    }

    /** The files of a folder of the recording that were sealed, by path; {@code ""} for all. */
    public List<String> documents(String folder) throws IOException {
        List<String> documents = new ArrayList<>();
        for (String path : chain.sealedFiles()) {
            if (path.startsWith(layout.root() + folder)) {
                documents.add(path);
            }
        }
        return documents;
    }

    /**
     * The newest commit that is so old, and so many commits ago, that nobody reads by its metadata any more; 0 if there is none.
     *
     * @param newerCommits at least so many came after it
     */
    public int oldCommit(int newerCommits, Instant before) throws IOException {
        load();
        for (int number = committed.commit() - newerCommits; number > 1; number--) {
            Optional<Seal> seal = chain.of(number);
            if (seal.isPresent() && Instant.parse(seal.get().time()).isBefore(before)) {
                return number;
            }
        }
        return 0;
    }

    /**
     * Metadata, manifests and removals that only commits up to this one needed; by path. The very first commits are kept: they have no
     * snapshot by which it could be told who made them.
     */
    public Set<String> onlyNeededUpTo(int commit) throws IOException {
        load();
        coverage.refresh();
        int coverageCommit = 0;
        Set<String> old = new TreeSet<>();
        for (int number = 2; number <= commit; number++) {
            for (SealedFile file : chain.of(number).map(Seal::files).orElse(List.of())) {
                String path = layout.root() + file.path();
                coverageCommit = Math.max(coverageCommit, coverage.commitOf(path));
                if (file.path().contains("/metadata/") || file.path().startsWith(Removal.FOLDER)) {
                    old.add(path);
                }
            }
        }
        for (StoredFile file : store.list(layout.root())) {
            int ofVersions = versions.commitOf(file.path());
            int ofCoverage = coverage.commitOf(file.path());
            if ((ofVersions > 1 && ofVersions <= commit) || (ofCoverage > 1 && ofCoverage < coverageCommit)) {
                old.add(file.path());
            }
        }
        old.removeAll(versions.commitFiles().metadataSince(commit + 1));
        old.removeAll(coverage.commitFiles().metadataSince(coverageCommit));
        return old;
    }

    /** A file of the recording with its hash, as in a seal. */
    public SealedFile fileOf(String path) throws IOException {
        return chain.sealed(path);
    }

    /** Data files which a commit has sealed, and the newest does not have any more, by path. */
    public Set<String> sealedButReplaced() throws IOException {
        load();
        coverage.refresh();
        Set<String> replaced = new TreeSet<>();
        for (String path : chain.sealedFiles()) {
            if (path.contains("/data/")) {
                replaced.add(path);
            }
        }
        versions.files().forEach(file -> replaced.remove(file.path()));
        coverage.files().forEach(file -> replaced.remove(file.path()));
        return replaced;
    }

    private Map<String, String> summary(Map<String, SegmentName> sealed) {
        return summary(versions, coverage, claimed, sealed);
    }

    /** What a commit says of itself, which is made after the newest ones of both tables. */
    static Map<String, String> summary(
            RecordingTable versions, RecordingTable coverage, long claimed, Map<String, SegmentName> sealed) {
        Map<String, String> summary = new TreeMap<>(Map.of(COVERAGE_COMMIT, Integer.toString(coverage.commit())));
        long claim = Math.max(claimed, newestClaim(versions));
        if (claim > 0) {
            summary.put(CLAIM, Long.toString(claim));
        }
        sealed.forEach((writer, name) -> summary.put(SEALED_PREFIX + writer, name.epoch() + "-" + name.sequence()));
        return summary;
    }
}
