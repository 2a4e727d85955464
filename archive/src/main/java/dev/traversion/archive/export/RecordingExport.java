/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.export;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.coverage.CoverageSchema;
import dev.traversion.archive.node.NodeExport;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.PartWriter;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Writes a stretch of a recording as a recording of its own: the state at its beginning as carry rows, and all changes up to its end,
 * sealed ones and others. Memory holds the times of the changes, and the keys changed within one part.
 */
public final class RecordingExport {

    private static final int LEAST_PART_CHANGES = 10_000;
    private static final int PART_FACTOR = 12;
    private static final long COPIES = 1L << 30;

    private final History history;
    private final long from;
    private final long to;
    private final long nodesFrom;
    private final long nodesTo;
    private final LongConsumer progress;
    private long written;

    /**
     * @param from ns; everything from the beginning if that is later
     * @param to ns
     * @param progress told how many versions have been written
     */
    public RecordingExport(History history, long from, long to, LongConsumer progress) {
        this.history = history;
        // Of the whole, what was seen first is a change like the others.
        this.from = from <= history.start() ? history.start() - 1 : from;
        this.to = Math.min(to, history.end());
        // ... and so is what nodes did before the first object was seen, or after the last one changed.
        this.nodesFrom = from <= history.start() ? Long.MIN_VALUE : from + 1;
        this.nodesTo = to >= history.end() ? Long.MAX_VALUE : to;
        this.progress = progress;
    }

    /** Writes it to an empty directory; gives the number of versions. */
    public long write(Path directory) throws IOException {
        Path work = directory.resolve("work");
        try (Store store = new FileStore(directory)) {
            Layout layout = new Layout(history.clusterId());
            layout.create(store);
            LocalCopies copies = new LocalCopies(store, work, COPIES);
            CommitLog commits = new CommitLog(store, layout, copies);
            Files.createDirectories(work);
            long[] ends = ends();
            long begin = from;
            PartFile previous = null;
            for (long end : ends) {
                Path partPath = work.resolve(UUID.randomUUID().toString());
                Path coveragePath = work.resolve(UUID.randomUUID().toString());
                PartReader before = previous == null
                        ? null
                        : PartReader.open(copies.get(previous.path()), previous.path(), PartCaches.forHeap());
                WrittenFile part = writePart(partPath, begin, end, before);
                commits.commit(
                        commits.load(),
                        part,
                        begin,
                        CoverageSchema.write(coveragePath, coverage(begin, end)),
                        Map.of(),
                        Clock.systemUTC());
                Files.deleteIfExists(partPath);
                Files.deleteIfExists(coveragePath);
                previous = commits.load().parts().getLast();
                begin = end;
            }
            new NodeExport(history.nodes(), store, layout, work).write(nodesFrom, nodesTo);
        }
        Files.deleteIfExists(work);
        return written;
    }

    /** Where parts end: so that each has few enough changes that the state at a moment of it is found quickly. */
    private long[] ends() throws IOException {
        long[] live = {0};
        long[][] times = {new long[1024]};
        int[] count = {0};
        for (ResourceType type : history.types(to)) {
            history.list(type, "", null, from, _ -> {
                live[0]++;
                return true;
            });
            history.changes(type, "", from, to, version -> {
                if (count[0] == times[0].length) {
                    times[0] = Arrays.copyOf(times[0], count[0] * 2);
                }
                times[0][count[0]++] = version.observedAt();
                return true;
            });
        }
        Arrays.sort(times[0], 0, count[0]);
        long limit = Math.max(LEAST_PART_CHANGES, live[0] * PART_FACTOR);
        List<Long> ends = new ArrayList<>();
        for (long last = limit; last < count[0]; last += limit) {
            ends.add(times[0][(int) last]);
        }
        if (ends.isEmpty() || ends.getLast() < to) {
            ends.add(to);
        }
        return ends.stream().mapToLong(Long::longValue).distinct().toArray();
    }

    private WrittenFile writePart(Path path, long begin, long end, PartReader before) throws IOException {
        try (PartWriter part = new PartWriter(path, begin, end, Compression.QUICK)) {
            if (before != null) {
                part.follow(before);
            }
            for (ResourceType type : history.types(end)) {
                writeType(part, type, begin, end);
            }
            return part.finish();
        }
    }

    private void writeType(PartWriter part, ResourceType type, long begin, long end) throws IOException {
        TreeMap<ObjectKey, List<Long>> changed = new TreeMap<>();
        history.changes(type, "", begin, end, version -> {
            changed.computeIfAbsent(version.key(), _ -> new ArrayList<>(2)).add(version.observedAt());
            return true;
        });
        history.list(type, "", null, begin, carried -> {
            ObjectKey key = carried.key();
            while (!changed.isEmpty() && changed.firstKey().compareTo(key) < 0) {
                writeChanges(part, changed.pollFirstEntry());
            }
            List<Long> times = changed.get(key);
            part.add(carried, times == null ? Long.MAX_VALUE : times.getFirst(), true);
            count();
            return true;
        });
        while (!changed.isEmpty()) {
            writeChanges(part, changed.pollFirstEntry());
        }
    }

    private void writeChanges(PartWriter part, Map.Entry<ObjectKey, List<Long>> changes) throws IOException {
        List<Long> times = changes.getValue();
        int[] at = {0};
        history.versions(changes.getKey(), times.getFirst(), times.getLast(), version -> {
            at[0]++;
            part.add(version, at[0] < times.size() ? times.get(at[0]) : Long.MAX_VALUE, false);
            count();
            return true;
        });
    }

    private void count() {
        written++;
        if (written % 1000 == 0) {
            progress.accept(written);
        }
    }

    /** What is known of the stretch after {@code begin}, and at its end. */
    private List<CoverageInterval> coverage(long begin, long end) {
        List<CoverageInterval> cut = new ArrayList<>();
        for (CoverageInterval interval : history.coverage(null, begin, end)) {
            long first = Math.max(interval.from(), begin);
            long last = Math.min(interval.to(), end + 1);
            if (first < last) {
                ResourceType type = interval.type();
                boolean isCut = interval.observed() && first > interval.from();
                cut.add(new CoverageInterval(
                        type,
                        first,
                        last,
                        isCut ? history.resourceVersion(type, first) : interval.fromVersion(),
                        interval.observed() ? history.resourceVersion(type, last - 1) : "",
                        interval.observed(),
                        interval.reason()));
            }
        }
        return cut;
    }
}
