/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.compaction;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartMerge;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.PartWriter;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.Committed;
import dev.traversion.archive.seal.NewPart;
import dev.traversion.archive.seal.Replacement;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Packs old parts: those of a day become one, compressed harder, with the carry rows of the first. It may run beside a recorder: a
 * race that is lost begins anew; and be broken off anywhere: the next run finishes. Every answer stays what it was. For one thread.
 */
public final class Compaction {

    private static final int ATTEMPTS = 10;
    private static final long CACHE = 8L << 20;

    private final Store store;
    private final LocalCopies copies;
    private final CommitLog commits;
    private final Replacement replacement;
    private final Path workDirectory;
    private final Clock clock;
    private final Lock committing;
    private final Set<String> apart = new HashSet<>();

    /** Whether what an earlier run left is deleted. */
    private boolean isTidy;

    /**
     * @param copies of the store
     * @param workDirectory for files that are being written
     */
    public Compaction(Store store, Layout layout, LocalCopies copies, Path workDirectory, Clock clock) {
        this(store, layout, copies, workDirectory, clock, new ReentrantLock());
    }

    /** @param committing held while committing, so that a recorder in the same process does not lose a race against this */
    public Compaction(
            Store store, Layout layout, LocalCopies copies, Path workDirectory, Clock clock, Lock committing) {
        this.store = store;
        this.copies = copies;
        this.commits = new CommitLog(store, layout, copies);
        this.replacement = new Replacement(store, layout, commits, clock);
        this.workDirectory = workDirectory;
        this.clock = clock;
        this.committing = committing;
    }

    /**
     * What was packed, or would be.
     *
     * @param before parts that were replaced
     * @param after parts in their place; empty if it is only a plan
     * @param keptApart parts that do not continue the one before, though their times touch: they stay as they are
     */
    public record Outcome(List<PartFile> before, List<PartFile> after, int groups, List<String> keptApart) {

        public long bytesBefore() {
            return before.stream().mapToLong(PartFile::bytes).sum();
        }

        public long bytesAfter() {
            return after.stream().mapToLong(PartFile::bytes).sum();
        }
    }

    /** What would be packed now. */
    public Outcome plan(Duration olderThan) throws IOException {
        List<List<PartFile>> groups = groups(commits.load(), olderThan);
        return new Outcome(groups.stream().flatMap(List::stream).toList(), List.of(), groups.size(), List.of());
    }

    private List<List<PartFile>> groups(Committed committed, Duration olderThan) {
        return PartGroups.of(committed.parts(), Times.nanos(clock.instant().minus(olderThan))).stream()
                .filter(group -> !apart.contains(group.getLast().path()))
                .toList();
    }

    /**
     * Packs, and finishes what an earlier run began.
     *
     * @param progress told how many versions have been read, now and then; it may throw to end the run, or wait to slow it down
     * @throws TraversionException if others commit again and again meanwhile
     */
    public Outcome run(Duration olderThan, LongConsumer progress) throws IOException {
        List<PartFile> before = new ArrayList<>();
        List<PartFile> after = new ArrayList<>();
        List<String> keptApart = new ArrayList<>();
        long[] read = {0};
        int groups = 0;
        int lost = 0;
        Committed committed = commits.load();
        List<List<PartFile>> left = groups(committed, olderThan);
        if (!left.isEmpty()) {
            joinCoverage();
        }
        while (!left.isEmpty()) {
            List<PartFile> group = left.getFirst();
            try {
                PartFile made = pack(committed, group, rows -> progress.accept(read[0] + rows));
                if (made != null) {
                    before.addAll(group);
                    after.add(made);
                    groups++;
                } else if (++lost == ATTEMPTS) {
                    throw new TraversionException("Others committed to " + store.location() + " " + ATTEMPTS
                            + " times meanwhile. Nothing is damaged; try again.");
                }
            } catch (PartMerge.NotContinuousException e) {
                keptApart.add(e.getMessage());
                apart.add(group.getLast().path());
            }
            read[0] += group.stream().mapToLong(PartFile::rows).sum();
            committed = commits.load();
            left = groups(committed, olderThan);
        }
        if (!isTidy) {
            replacement.finish();
            isTidy = true;
        }
        return new Outcome(List.copyOf(before), List.copyOf(after), groups, List.copyOf(keptApart));
    }

    /** Every seal adds a file of coverage; many become one. If somebody else commits meanwhile, the next run does it. */
    private void joinCoverage() throws IOException {
        Files.createDirectories(workDirectory);
        Path file = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        try {
            commits.rewriteCoverage(UnaryOperator.identity(), file, clock);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Null if somebody else committed meanwhile. */
    private PartFile pack(Committed committed, List<PartFile> group, LongConsumer progress) throws IOException {
        Files.createDirectories(workDirectory);
        Path path = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        try {
            NewPart part = new NewPart(write(path, group, progress), start(group), true);
            Set<String> replaced = group.stream().map(PartFile::path).collect(Collectors.toSet());
            committing.lock();
            try {
                boolean done = replacement.commit(
                        committed, replaced, List.of(part), List.of("packed into one part"), List.of());
                if (!done) {
                    return null;
                }
                replacement.finish();
            } finally {
                committing.unlock();
            }
            return commits.load().parts().stream()
                    .filter(each -> each.path().endsWith(part.file().name()))
                    .findFirst()
                    .orElse(null);
        } finally {
            Files.deleteIfExists(path);
        }
    }

    /** Threads race, so a part may begin before the one it follows. */
    private static long start(List<PartFile> group) {
        return group.stream().mapToLong(PartFile::start).min().orElseThrow();
    }

    private WrittenFile write(Path path, List<PartFile> group, LongConsumer progress) throws IOException {
        PartCaches caches = new PartCaches(CACHE, CACHE);
        List<PartReader> readers = new ArrayList<>();
        for (PartFile part : group) {
            readers.add(PartReader.open(copies.get(part.path()), part.path(), caches));
        }
        try (PartWriter writer =
                new PartWriter(path, start(group), group.getLast().end(), Compression.HARD)) {
            new PartMerge(readers, progress).writeTo(writer);
            return writer.finish();
        }
    }
}
