/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.Layout;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.retention.Limits;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.retention.Retention;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * A recording with a file of every kind: parts, some of them forgotten, a pin, and a log of two segments, the second of which a crash
 * left without an end.
 */
public final class SmallRecording {

    public static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";

    private static final Layout LAYOUT = new Layout(CLUSTER);

    private SmallRecording() {}

    /** @param work for what is needed on the way */
    public static void write(Path directory, Path work, long seed) throws Exception {
        SyntheticCluster cluster = new SyntheticCluster(seed, 20, 1_000_000);
        Path closed = work.resolve("closed");
        for (int part = 0; part < 3; part++) {
            record(closed, work, cluster, 30, null);
        }
        forget(closed, work);
        record(closed, work, cluster, 30, null);
        Path crashed = work.resolve("crashed");
        record(closed, work, cluster, 20, crashed);
        record(crashed, work, cluster, 20, directory);
    }

    /** @param crash gets the files as they are before the recording is closed; null for none */
    private static void record(Path directory, Path work, SyntheticCluster cluster, int changes, Path crash)
            throws Exception {
        try (Store store = new FileStore(directory);
                RecordingWriter writer =
                        RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", work.resolve("state")))) {
            for (int i = 0; i < changes; i++) {
                writer.append(cluster.next());
            }
            writer.synced().join();
            if (crash != null) {
                copy(directory, crash);
            }
        }
    }

    private static void forget(Path directory, Path work) throws IOException {
        try (Store store = new FileStore(directory)) {
            new Pins(store, LAYOUT).add(new Pin("outage", 0, 1, "postmortem", "2026-03-01T08:00:00Z", false));
            LocalCopies copies = new LocalCopies(store, work.resolve("copies"), 1 << 20);
            new Retention(store, LAYOUT, copies, work.resolve("retention"), Clock.systemUTC())
                    .run(new Limits(null, 1, 100));
        }
    }

    /** A copy of a recording's files. */
    public static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(from)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }
}
