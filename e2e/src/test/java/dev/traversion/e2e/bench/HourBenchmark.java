/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.bench;

import com.github.luben.zstd.ZstdOutputStream;
import com.sun.management.OperatingSystemMXBean;
import dev.traversion.archive.History;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartMerge;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.PartWriter;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.LiveRecording;
import dev.traversion.e2e.recording.Waiting;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An hour of a cluster as they are: nodes renew their leases and tell their state, Deployments are rolled out, and Events tell of it.
 * What a change takes in the recording, in CPU time and in memory. One line a figure.
 */
public final class HourBenchmark {

    private static final int NODES = 500;
    private static final int DEPLOYMENTS = 100;
    private static final int REPLICAS = 100;

    /** Of so many Deployments one is rolled out, a minute. */
    private static final Duration ROLLOUT = Duration.ofMinutes(1);

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private HourBenchmark() {}

    /** @param arguments how many minutes; 60 if there are none */
    public static void main(String[] arguments) throws Exception {
        int minutes = arguments.length == 0 || arguments[0].isEmpty() ? 60 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("traversion-bench");
        try (ControlPlane plane = ControlPlane.startWithControllers()) {
            plane.startFakeKubelets();
            try (ApiClient live = new ApiClient(plane.kubeconfig())) {
                PodLoad.createNodes(live, NODES);
            }
            deploy(plane.kubectl(), directory);
            record(plane, directory, Duration.ofMinutes(minutes));
            measure(directory);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void deploy(Kubectl kubectl, Path directory) throws Exception {
        Path file = directory.resolve("shop.yaml");
        for (int i = 0; i < DEPLOYMENTS; i++) {
            String manifests = """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: shop-%1$d, labels: {app: shop-%1$d}}
                    spec:
                      replicas: %2$d
                      selector: {matchLabels: {app: shop-%1$d}}
                      template:
                        metadata: {labels: {app: shop-%1$d}}
                        spec:
                          containers:
                          - name: shop
                            image: registry.example.com/shop/shop-%1$d:1.4.2
                            ports: [{containerPort: 8080}]
                            env:
                            - {name: BACKEND, value: "https://shop-backend.default.svc.cluster.local:8443/api/v1"}
                            - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                            resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
                            readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 5}
                            livenessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 10}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: shop-%1$d}
                    spec: {selector: {app: shop-%1$d}, ports: [{port: 80, targetPort: 8080}]}
                    """.formatted(i, REPLICAS);
            Files.writeString(file, manifests);
            // One by one: while the pods of all before are made, the API server takes its time.
            kubectl.output("create", "-f", file.toString());
        }
        Waiting.until(Duration.ofMinutes(20), "every pod runs", () -> {
            String ready = kubectl.output("get", "deployments", "-o", "jsonpath={.items[*].status.readyReplicas}");
            long all = Stream.of(ready.split(" ", -1))
                    .filter(each -> !each.isEmpty())
                    .mapToLong(Long::parseLong)
                    .sum();
            return all == (long) DEPLOYMENTS * REPLICAS;
        });
    }

    private static void record(ControlPlane plane, Path directory, Duration time) throws Exception {
        try (LiveRecording recording = new LiveRecording(
                plane.kubeconfig(), directory, 1, WriterOptions.of("bench", directory.resolve("state")))) {
            recording.writer().synced().join();
            long listed = recording.writer().progress().changes();
            long before = PROCESS.getProcessCpuTime();
            long end = System.nanoTime() + time.toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
                plane.kubectl().output("rollout", "restart", "deployment/shop-" + i % DEPLOYMENTS);
                Thread.sleep(ROLLOUT);
            }
            recording.writer().synced().join();
            double cpu = (PROCESS.getProcessCpuTime() - before) / 1e9;
            long changes = recording.writer().progress().changes() - listed;
            print("objects listed", listed, "");
            print("changes in " + time.toMinutes() + " minutes", changes, "");
            print("changes a second", (double) changes / time.toSeconds(), "");
            print("CPU time of recording and sealing them, of one core", 100 * cpu / time.toSeconds(), "%");
            print("changes per CPU-second, sealing and server included", changes / cpu, "");
            System.gc();
            print(
                    "live heap, server included",
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0,
                    "MiB   target <= " + (64 + listed / 1024));
        }
    }

    private static void measure(Path directory) throws IOException {
        try (Store store = new FileStore(directory.resolve("recording"))) {
            String cluster = Recordings.onlyCluster(store);
            RecordingOptions options = new RecordingOptions(directory.resolve("parts"), 1L << 30, 64 << 20, 64 << 20);
            long versions = 0;
            long sealed = bytesOfParts(directory);
            long lines;
            Map<ResourceType, Long> byType = new TreeMap<>();
            try (Recording recording = Recording.open(store, cluster, options)) {
                lines = jsonLines(recording, byType);
            }
            for (long count : byType.values()) {
                versions += count;
            }
            print("versions, first lists included", versions, "");
            for (Map.Entry<ResourceType, Long> each : byType.entrySet()) {
                if (each.getValue() > versions / 50) {
                    print("  of them " + each.getKey(), 100.0 * each.getValue() / versions, "%");
                }
            }
            print("stored bytes a version, sealed", (double) sealed / versions, "B   target <= 100");
            print("stored bytes a version, packed", (double) packed(directory) / versions, "B   target <= 60");
            print("baseline: JSON lines with zstd -3", (double) lines / versions, "B");
            print("sealed against the baseline", (double) sealed / lines, "ratio");
        }
    }

    /** Bytes of all versions as lines of JSON with zstd -3; counts them by type. */
    private static long jsonLines(History recording, Map<ResourceType, Long> byType) throws IOException {
        long[] bytes = {0};
        OutputStream counter = new OutputStream() {
            @Override
            public void write(int value) {
                bytes[0]++;
            }

            @Override
            public void write(byte[] buffer, int offset, int length) {
                bytes[0] += length;
            }
        };
        try (OutputStream lines = new ZstdOutputStream(counter, 3)) {
            for (ResourceType type : recording.types(Long.MAX_VALUE)) {
                recording.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                    byType.merge(type, 1L, Long::sum);
                    lines.write(version.body());
                    lines.write('\n');
                    return true;
                });
            }
        }
        return bytes[0];
    }

    private static long bytesOfParts(Path directory) throws IOException {
        long bytes = 0;
        for (Path part : parts(directory)) {
            bytes += Files.size(part);
        }
        return bytes;
    }

    /** What all parts take as one: packing of a recording leaves the newest alone, which over a day is little, and of an hour is not. */
    private static long packed(Path directory) throws IOException {
        PartCaches caches = new PartCaches(64 << 20, 64 << 20);
        List<PartReader> readers = new ArrayList<>();
        for (Path part : parts(directory)) {
            readers.add(PartReader.open(part, part.getFileName().toString(), caches));
        }
        try (PartWriter writer = new PartWriter(directory.resolve("packed"), 0, Long.MAX_VALUE, Compression.HARD)) {
            new PartMerge(readers, _ -> {}).writeTo(writer);
            return writer.finish().bytes();
        }
    }

    /** Oldest first: their folders are named after their first moment. */
    private static List<Path> parts(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("recording"))) {
            return files.filter(each -> each.toString().contains("/versions/data/"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static void print(String name, Number value, String unit) {
        System.out.printf(Locale.ROOT, "%-58s %12.1f %s%n", name, value.doubleValue(), unit);
    }
}
