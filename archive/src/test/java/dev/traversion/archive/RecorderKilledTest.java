/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.KilledRecorder;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G1: what was acknowledged survives SIGKILL at any moment, and nothing is there twice. */
class RecorderKilledTest {

    private static final int KILLS = 5;

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final Random random = new Random(seed);

    @Test
    void everythingAcknowledgedIsThereAfterEachKill() throws Exception {
        long clusterSeed = random.nextLong();
        long next = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            long acknowledged = recordAndKill(clusterSeed, next, random.nextInt(1_500));
            List<Change> recorded = recorded();
            assertThat((long) recorded.size())
                    .as("seed %d, kill %d", seed, kill)
                    .isGreaterThanOrEqualTo(acknowledged);
            assertSame(recorded, clusterSeed);
            next = recorded.size();
        }
        try (Store store = new FileStore(directory);
                RecordingWriter writer = RecordingWriter.open(store, KilledRecorder.CLUSTER, options())) {
            Change last = changes(clusterSeed, next + 1).getLast();
            writer.append(last);
        }
        List<Change> recorded = recorded();
        assertThat((long) recorded.size())
                .as("seed %d, sealed at the end", seed)
                .isEqualTo(next + 1);
        assertSame(recorded, clusterSeed);
        try (Store store = new FileStore(directory)) {
            List<String> left = store.list("").stream()
                    .map(file -> file.path())
                    .filter(path ->
                            path.endsWith(".twal") || List.of(path.split("/")).contains("work"))
                    .toList();
            assertThat(left).isEmpty();
        }
    }

    /** Runs a recorder until it has acknowledged something and some more time has passed; the changes it acknowledged. */
    private long recordAndKill(long clusterSeed, long from, int moreMillis) throws Exception {
        Path output = directory.resolve("acknowledged");
        Process recorder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRecorder.class.getName(),
                        directory.toString(),
                        Long.toString(clusterSeed),
                        Long.toString(from))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            while (Files.size(output) == 0 && recorder.isAlive()) {
                Thread.sleep(10);
            }
            Thread.sleep(moreMillis);
            assertThat(recorder.isAlive()).isTrue();
        } finally {
            recorder.destroyForcibly();
            recorder.waitFor();
        }
        // The last line may be torn; whole ones end with a full stop.
        return Files.readAllLines(output).stream()
                .filter(line -> line.endsWith("."))
                .mapToLong(line -> Long.parseLong(line.substring(0, line.length() - 1)))
                .max()
                .orElse(from);
    }

    private WriterOptions options() {
        return WriterOptions.of("test", directory.resolve("state"));
    }

    private List<Change> recorded() throws IOException {
        TreeMap<Long, Change> byTime = new TreeMap<>();
        List<String> twice = new ArrayList<>();
        try (Store store = new FileStore(directory);
                Recording recording = Recording.open(store, KilledRecorder.CLUSTER, RecordingOptions.defaults())) {
            for (ResourceType type : recording.types(Long.MAX_VALUE)) {
                recording.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                    Change change = new Change(
                            version.key(),
                            version.kind(),
                            version.uid(),
                            version.resourceVersion(),
                            version.observedAt(),
                            version.operation(),
                            version.body());
                    if (byTime.put(change.observedAt(), change) != null) {
                        twice.add(change.key() + " at " + change.observedAt());
                    }
                    return true;
                });
            }
        }
        assertThat(twice).isEmpty();
        return List.copyOf(byTime.values());
    }

    private static List<Change> changes(long clusterSeed, long count) {
        SyntheticCluster cluster = KilledRecorder.cluster(clusterSeed);
        List<Change> changes = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            changes.add(cluster.next());
        }
        return changes;
    }

    private void assertSame(List<Change> recorded, long clusterSeed) {
        SyntheticCluster cluster = KilledRecorder.cluster(clusterSeed);
        for (int i = 0; i < recorded.size(); i++) {
            Change expected = cluster.next();
            Change found = recorded.get(i);
            assertThat(found.key()).as("seed %d, change %d", seed, i).isEqualTo(expected.key());
            assertThat(found.resourceVersion()).isEqualTo(expected.resourceVersion());
            assertThat(found.operation()).isEqualTo(expected.operation());
            assertThat(found.body()).isEqualTo(expected.body());
        }
    }
}
