/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.bench;

import dev.traversion.archive.History;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.bench.Figure;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.snapshotter.Snapshotter;
import dev.traversion.snapshotter.watch.StreamStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Measures recording from the socket to the synced log: CPU time and garbage a change, live heap an object, bytes a change, against
 * only reading the same streams. Arguments: numbers of objects; 1000, 10000 and 100000 if there are none.
 */
public final class IngestBenchmarks {

    private static final int CHANGES = 50_000;
    private static final int PACED_CHANGES = 10_000;
    private static final int PACE = 2_000;
    private static final int WARM_UP_OBJECTS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final List<String> PATHS = List.of(
            "/api/v1/pods",
            "/api/v1/nodes",
            "/api/v1/events",
            "/api/v1/configmaps",
            "/apis/coordination.k8s.io/v1/leases",
            "/apis/apps/v1/deployments",
            "/apis/discovery.k8s.io/v1/endpointslices");

    private final WatchServerProcess server;
    private final Path directory;
    private int recordings;

    private IngestBenchmarks(WatchServerProcess server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        int[] sizes = arguments.length == 0
                ? new int[] {1_000, 10_000, 100_000}
                : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        Path directory = Files.createTempDirectory("traversion-bench");
        try (WatchServerProcess server = new WatchServerProcess(directory)) {
            IngestBenchmarks benchmarks = new IngestBenchmarks(server, directory);
            // A recorder runs for weeks: what is measured is compiled code.
            benchmarks.record("", WARM_UP_OBJECTS, CHANGES, 0);
            benchmarks.record("", WARM_UP_OBJECTS, CHANGES, 0);
            for (int size : sizes) {
                String name = size / 1000 + "k";
                double baseline = benchmarks.read(name, size);
                double recording = benchmarks.record(name, size, CHANGES, 0);
                Figure.plain("ingest." + name + ".to-reading", recording / baseline, "ratio");
            }
            benchmarks.record("paced." + sizes[0] / 1000 + "k", sizes[0], PACED_CHANGES, PACE);
        } finally {
            delete(directory);
        }
    }

    /** Reads without recording; changes a CPU-second. */
    private double read(String name, int size) throws Exception {
        double changesPerSecond = 0;
        int objects = server.load(size, CHANGES, 0);
        try (BareReader reader = new BareReader(server.config(), PATHS)) {
            await(() -> reader.lines() >= objects + PATHS.size());
            Usage before = Usage.now();
            server.go();
            await(() -> reader.lines() >= objects + PATHS.size() + CHANGES);
            changesPerSecond = CHANGES / Usage.now().since(before).cpuSeconds();
        }
        Figure.plain("baseline.reading." + name, changesPerSecond, "changes/cpu-s");
        return changesPerSecond;
    }

    /**
     * Records a list and then changes.
     *
     * @param name of the figures; {@code ""} to print none
     * @param rate changes a second; 0 for as fast as it can
     * @return changes a CPU-second
     */
    private double record(String name, int size, int changes, int rate) throws Exception {
        int objects = server.load(size, changes, rate);
        Path place = Files.createDirectory(directory.resolve("recording-" + recordings++));
        double changesPerSecond;
        Config config = server.config();
        try (Store store = new FileStore(place.resolve("recording"));
                KubernetesClient client =
                        new KubernetesClientBuilder().withConfig(config).build();
                RecordingWriter writer = RecordingWriter.open(store, "bench", unsealed(place.resolve("state")))) {
            Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[32]));
            Usage start = Usage.now();
            try (Snapshotter snapshotter = new Snapshotter(
                    client,
                    writer,
                    masking,
                    RecordingRules.ALL,
                    (History) null,
                    Clock.systemUTC(),
                    new PrometheusRegistry())) {
                await(() ->
                        snapshotter.status().stream().allMatch(each -> each.state() == StreamStatus.State.OBSERVING));
                writer.synced().join();
                Usage listed = Usage.now();
                server.go();
                await(() -> changes(snapshotter) >= objects + changes);
                writer.synced().join();
                Usage changed = Usage.now().since(listed);
                changesPerSecond = changes / changed.cpuSeconds();
                if (!name.isEmpty()) {
                    Usage listing = listed.since(start);
                    Figure.plain("ingest." + name + ".list", objects / listing.cpuSeconds(), "objects/cpu-s");
                    Figure.atLeast("ingest." + name, changesPerSecond, "changes/cpu-s", 20_000);
                    Figure.plain("ingest." + name + ".garbage", (double) changed.allocated() / changes, "B/change");
                    double heap = Usage.liveHeap();
                    Figure.atMost("ingest." + name + ".live-heap", heap / (1 << 20), "MiB", 64 + objects / 1024.0);
                    Figure.plain(
                            "ingest." + name + ".wal",
                            (double) writer.progress().walBytes() / (objects + changes),
                            "B/version");
                }
            }
        }
        if (!name.isEmpty()) {
            double stored = (double) parts(place) / (objects + changes);
            Figure.plain("ingest." + name + ".stored", stored, "B/version");
        }
        delete(place);
        return changesPerSecond;
    }

    /** Bytes of the sealed parts. */
    private static long parts(Path place) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(each -> each.toString().contains("/versions/data/"))
                    .toList()) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }

    private static long changes(Snapshotter snapshotter) {
        return snapshotter.status().stream().mapToLong(StreamStatus::changes).sum();
    }

    /** Sealing has a benchmark of its own. */
    private static WriterOptions unsealed(Path state) {
        return new WriterOptions(
                "bench",
                state,
                Long.MAX_VALUE,
                12,
                Long.MAX_VALUE,
                Duration.ofDays(1),
                Long.MAX_VALUE,
                16L << 30,
                Duration.ofSeconds(5),
                Clock.systemUTC());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the benchmark does not get on");
            }
            Thread.sleep(20);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
