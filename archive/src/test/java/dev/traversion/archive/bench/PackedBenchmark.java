/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.bench;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartMerge;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.PartWriter;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures packing: the parts of a day become one; its size, against theirs, and how fast that goes. */
final class PackedBenchmark {

    private static final long SEED = 1;
    private static final int PARTS = 24;
    private static final int CHANGES_PER_OBJECT = 12;
    private static final int STATES = 9;

    private final int objects;
    private final Path directory;
    private final PartCaches caches = new PartCaches(256L << 20, 32L << 20);
    private final List<PartReader> parts = new ArrayList<>();
    private long start;
    private long end;

    PackedBenchmark(int objects, Path directory) {
        this.objects = objects;
        this.directory = directory;
    }

    void run() throws IOException {
        String size = objects / 1000 + "k";
        SyntheticCluster cluster = new SyntheticCluster(SEED, objects, 50_000_000);
        long sealed = 0;
        long rows = 0;
        for (int i = 0; i < PARTS; i++) {
            Path bodies = directory.resolve("bodies-" + i);
            SortedChanges changes = new SortedChanges(bodies, cluster, objects * CHANGES_PER_OBJECT, i == 0);
            WrittenFile part = seal(changes, i);
            sealed += part.bytes();
            rows += part.rows();
            Files.delete(bodies);
        }
        long changed = (long) PARTS * objects * CHANGES_PER_OBJECT;
        Figure.atMost("parts." + size + ".sealed", (double) sealed / changed, "B/change", 100);
        double statesBefore = states(parts.getLast());
        Path path = directory.resolve("packed");
        long before = threadCpu();
        WrittenFile packed;
        try (PartWriter writer = new PartWriter(path, start, end, Compression.HARD)) {
            new PartMerge(parts, _ -> {}).writeTo(writer);
            packed = writer.finish();
        }
        long cpu = threadCpu() - before;
        Figure.atMost("parts." + size + ".packed", (double) packed.bytes() / changed, "B/change", 60);
        Figure.plain("packing." + size, rows * 1e9 / cpu, "versions/cpu-s");
        Figure.plain("state." + size + ".sealed", statesBefore, "ms");
        Figure.plain("state." + size + ".packed", states(PartReader.open(path, packed.name(), caches)), "ms");
    }

    private WrittenFile seal(SortedChanges changes, int number) throws IOException {
        PartReader previous = parts.isEmpty() ? null : parts.getLast();
        start = number == 0 ? changes.start() : start;
        long from = number == 0 ? changes.start() : end;
        end = changes.end();
        try (PartWriter writer = new PartWriter(directory.resolve("sealed-" + number), from, end, Compression.QUICK);
                VersionCursor live = previous == null ? VersionCursor.EMPTY : previous.live()) {
            if (previous != null) {
                writer.follow(previous);
            }
            boolean[] hasLive = {live.next()};
            ObjectKey[] last = {null};
            changes.forEach(version -> {
                ObjectKey key = version.key();
                while (hasLive[0]
                        && !key.equals(last[0])
                        && live.current().key().compareTo(key) <= 0) {
                    boolean isSame = live.current().key().equals(key);
                    writer.add(live.current(), isSame ? version.observedAt() : Long.MAX_VALUE, true);
                    hasLive[0] = live.next();
                }
                last[0] = key;
                writer.add(version, version.validTo(), false);
            });
            while (hasLive[0]) {
                writer.add(live.current(), Long.MAX_VALUE, true);
                hasLive[0] = live.next();
            }
            WrittenFile part = writer.finish();
            parts.add(PartReader.open(part.path(), part.name(), caches));
            return part;
        }
    }

    /** The full state in the middle of a part, warm: median of some. */
    private static double states(PartReader part) throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < STATES; round++) {
            long time = part.lastChange(part.types(Long.MAX_VALUE).getFirst()).orElseThrow() - round * 1_000_000_000L;
            long before = System.nanoTime();
            for (ResourceType type : part.types(time)) {
                try (VersionCursor states = part.states(type, "", null, time)) {
                    while (states.next()) {
                        states.current().writeBody(OutputStream.nullOutputStream(), false, 0);
                    }
                }
            }
            millis.add((System.nanoTime() - before) / 1e6);
        }
        millis.sort(null);
        return millis.get(STATES / 2);
    }

    private static long threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
