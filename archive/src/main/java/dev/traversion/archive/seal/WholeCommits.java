/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.CoverageSchema;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.VersionsSchema;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The commits of a recording that is damaged, as far as they are whole, and how it goes on from them. For one thread at a time. */
public final class WholeCommits {

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final RecordingTable versions;
    private final RecordingTable coverage;

    /** @param copies of the same store */
    public WholeCommits(Store store, Layout layout, LocalCopies copies) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.versions = new RecordingTable(store, layout.versions(), VersionsSchema.TABLE);
        this.coverage = new RecordingTable(store, layout.coverage(), CoverageSchema.TABLE);
    }

    /** The newest commit of parts of which metadata and manifests are whole; 0 if there is none. */
    public int newestParts(Predicate<String> isWhole) throws IOException {
        return versions.newestWhole(isWhole);
    }

    /** The newest commit of coverage of which metadata and manifests are whole; 0 if there is none. */
    public int newestCoverage(Predicate<String> isWhole) throws IOException {
        return coverage.newestWhole(isWhole);
    }

    /** What an older commit of parts says; nothing but its parts and the log's position. */
    public Committed partsOf(int commit) throws IOException {
        versions.goOnFrom(commit, commit);
        List<PartFile> parts = new ArrayList<>();
        for (RecordingTable.File file : versions.files()) {
            parts.add(CommitLog.part(file));
        }
        return new Committed(commit, parts, List.of(), CommitLog.sealed(versions.summary()));
    }

    /** The commit of coverage that an older commit of parts was made after; 0 if it does not say. */
    public int coverageKnownTo(int commit) throws IOException {
        return CommitLog.coverageCommit(versions.summary(commit));
    }

    /** The files of an older commit of coverage, by path. */
    public List<String> coverageFilesOf(int commit) throws IOException {
        coverage.goOnFrom(commit, commit);
        return coverage.files().stream().map(RecordingTable.File::path).toList();
    }

    /**
     * Makes a recording that is damaged what it is to be: a commit of coverage, and one of parts, which is sealed.
     *
     * @param work a new file, written meanwhile
     */
    public void restore(Restoration restoration, Path work, Clock clock) throws IOException {
        coverage.goOnFrom(restoration.coverageBase(), restoration.coverageLast());
        WrittenFile written = CoverageSchema.write(work, restoration.coverage());
        String day = clock.instant().toString().substring(0, 10);
        String observed = layout.coverage() + "/data/day=" + day + "/" + written.name();
        store.create(observed, written.path());
        List<RecordingTable.Addition> additions = new ArrayList<>();
        additions.add(new RecordingTable.Addition(observed, written));
        restore(coverage, Set.of(), additions, Map.of());

        versions.goOnFrom(restoration.versionsBase(), restoration.versionsLast());
        Set<String> known = new TreeSet<>();
        versions.files().forEach(file -> known.add(file.path()));
        Set<String> wanted = new TreeSet<>();
        additions.clear();
        for (PartFile part : restoration.parts()) {
            wanted.add(part.path());
            if (!known.contains(part.path())) {
                PartReader reader = PartReader.open(copies.get(part.path()), part.path(), PartCaches.forHeap());
                additions.add(new RecordingTable.Addition(part.path(), reader.asWritten()));
            }
        }
        Restoration.NewTail tail = restoration.tail();
        if (tail != null) {
            String path = layout.versions() + "/data/part=" + tail.start() + "/"
                    + tail.file().name();
            store.create(path, tail.file().path());
            additions.add(new RecordingTable.Addition(path, tail.file()));
        }
        Map<String, String> summary = CommitLog.summary(versions, coverage, 0, restoration.segments());
        summary.put(CommitLog.DOCUMENTS, restoration.record());
        restore(versions, wanted, additions, summary);
        versions.refresh();
        coverage.refresh();
        new SealChain(store, layout, versions, coverage).complete(clock);
    }

    private void restore(
            RecordingTable table,
            Set<String> kept,
            List<RecordingTable.Addition> additions,
            Map<String, String> summary)
            throws IOException {
        Set<String> replaced = new TreeSet<>();
        table.files().forEach(file -> replaced.add(file.path()));
        replaced.removeAll(kept);
        boolean isDone = true;
        if (table.isEmpty()) {
            table.append(additions, summary);
        } else {
            isDone = table.replace(replaced, additions, summary);
        }
        if (!isDone) {
            throw new TraversionException("Somebody else committed to " + store.location()
                    + " while it was being repaired. Nothing is damaged further; try again.");
        }
    }
}
