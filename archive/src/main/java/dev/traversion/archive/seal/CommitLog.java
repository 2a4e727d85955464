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
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.table.RecordingTable;
import dev.traversion.archive.wal.SegmentName;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The commits of a recording: reads them, and makes new ones. For one thread at a time. */
public final class CommitLog {

    private static final String SEALED_PREFIX = "traversion.wal.";
    private static final String COVERAGE_COMMIT = "traversion.coverage";

    /** The property of a commit that names the file which says what it removed. */
    static final String REMOVAL = "traversion.removal";

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final RecordingTable versions;
    private final RecordingTable coverage;
    private final SealChain chain;
    private final Map<String, List<CoverageInterval>> readCoverage = new HashMap<>();
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
        String known = versions.summary().getOrDefault(COVERAGE_COMMIT, "0");
        checkIsThere(coverage, layout.coverage(), Integer.parseInt(known));
        List<PartFile> parts = new ArrayList<>();
        for (RecordingTable.File file : versions.files()) {
            parts.add(new PartFile(
                    file.path(),
                    file.least().get(VersionsSchema.PART_START),
                    file.greatest().get(VersionsSchema.PART_END),
                    file.rows(),
                    file.bytes()));
        }
        parts.sort(Comparator.comparingLong(PartFile::end).thenComparingLong(PartFile::start));
        List<CoverageInterval> intervals = new ArrayList<>();
        for (RecordingTable.File file : coverage.files()) {
            if (!readCoverage.containsKey(file.path())) {
                readCoverage.put(file.path(), CoverageSchema.read(copies.get(file.path()), file.path()));
            }
            intervals.addAll(readCoverage.get(file.path()));
        }
        committed = new Committed(
                versions.commit(), List.copyOf(parts), Coverage.merge(intervals), sealed(versions.summary()));
        return committed;
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

    /**
     * Stores a part and what was observed meanwhile, commits both, and seals the commit.
     *
     * @param part the finished part; not stored yet
     * @param observed likewise
     * @param segments the last segment contained, by writer
     */
    public void commit(
            WrittenFile part, long partStart, WrittenFile observed, Map<String, SegmentName> segments, Clock clock)
            throws IOException {
        load();
        chain.complete(clock);
        String partPath = layout.versions() + "/data/part=" + partStart + "/" + part.name();
        String day = clock.instant().toString().substring(0, 10);
        String observedPath = layout.coverage() + "/data/day=" + day + "/" + observed.name();
        store.create(partPath, part.path());
        store.create(observedPath, observed.path());
        coverage.append(List.of(new RecordingTable.Addition(observedPath, observed)), Map.of());

        Map<String, SegmentName> sealed = new TreeMap<>(committed.sealed());
        sealed.putAll(segments);
        versions.append(List.of(new RecordingTable.Addition(partPath, part)), summary(sealed));
        load();
        chain.complete(clock);
    }

    /**
     * Replaces the coverage that is committed by what {@code change} makes of it; does nothing if that is the same.
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
            intervals.addAll(CoverageSchema.read(copies.get(file.path()), file.path()));
        }
        List<CoverageInterval> before = Coverage.merge(intervals);
        List<CoverageInterval> after = change.apply(before);
        if (after.equals(before)) {
            return true;
        }
        WrittenFile written = CoverageSchema.write(work, after);
        String day = clock.instant().toString().substring(0, 10);
        String path = layout.coverage() + "/data/day=" + day + "/" + written.name();
        store.create(path, written.path());
        return coverage.replace(replaced, List.of(new RecordingTable.Addition(path, written)), Map.of());
    }

    /**
     * Drops parts in one sealed commit. What is in the log stays as it is.
     *
     * @param removal the file that says what is removed and why; sealed with the commit
     * @return whether it is so now; if not, somebody else committed meanwhile
     */
    public boolean remove(Set<String> parts, String removal, Clock clock) throws IOException {
        load();
        chain.complete(clock);
        coverage.refresh();
        Map<String, String> summary = summary(committed.sealed());
        summary.put(REMOVAL, removal);
        int before = committed.commit();
        versions.refresh();
        if (versions.commit() != before || !versions.replace(parts, List.of(), summary)) {
            return false;
        }
        load();
        chain.complete(clock);
        return true;
    }

    /** The removals that were committed, by path. */
    public List<String> removals() throws IOException {
        List<String> removals = new ArrayList<>();
        for (String path : chain.sealedFiles()) {
            if (path.startsWith(layout.root() + Removal.FOLDER)) {
                removals.add(path);
            }
        }
        return removals;
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
        Map<String, String> summary = new TreeMap<>(Map.of(COVERAGE_COMMIT, Integer.toString(coverage.commit())));
        sealed.forEach((writer, name) -> summary.put(SEALED_PREFIX + writer, name.epoch() + "-" + name.sequence()));
        return summary;
    }
}
