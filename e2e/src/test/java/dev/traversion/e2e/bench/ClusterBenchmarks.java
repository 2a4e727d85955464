/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.traversion.archive.WriterOptions;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.LiveRecording;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a real API server is needed for: the CPU time of recording pods that kwok runs, and {@link ListBenchmarks}. One line a
 * figure.
 */
public final class ClusterBenchmarks {

    private static final int INGESTS = 4;

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ClusterBenchmarks() {}

    /** @param arguments the number of pods; 10,000 if there are none */
    public static void main(String[] arguments) throws Exception {
        int pods = arguments.length == 0 || arguments[0].isEmpty() ? 10_000 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("traversion-bench");
        try (ControlPlane plane = ControlPlane.start(new String[] {"--disable-admission-plugins=ServiceAccount"});
                ApiClient live = new ApiClient(plane.kubeconfig())) {
            plane.startFakeKubelets();
            PodLoad.createNodes(live, PodLoad.NODES);
            PodLoad.createPods(live, "small", pods, 1, 20);
            // The first recordings warm the compiler up.
            for (int i = 1; i < INGESTS; i++) {
                ingest(plane, directory.resolve("warm-up-" + i));
            }
            Ingest starting = ingestOfAnEmptyCluster(directory.resolve("starting"));
            Ingest measured = ingest(plane, directory.resolve("ingest"));
            print("start of recording a cluster without pods", starting.cpuSeconds() * 1000, "CPU-ms", "");
            print(
                    measured.changes() + " changes from socket to synced log, beyond that",
                    (measured.changes() - starting.changes()) / (measured.cpuSeconds() - starting.cpuSeconds()),
                    "changes/CPU-s",
                    "target >= 20000");
            print(
                    "live heap with them, server included",
                    measured.heapMegabytes(),
                    "MiB",
                    "target <= 64 + 1 KB/object");
            PodLoad.createPods(live, "large", pods, 4, 40);
            Path lists = Files.createDirectory(directory.resolve("lists"));
            record(plane, lists).close();
            new ListBenchmarks(lists.resolve("recording"), "large", pods).run(live);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static LiveRecording record(ControlPlane plane, Path directory) throws Exception {
        return new LiveRecording(
                plane.kubeconfig(), directory, 1, WriterOptions.of("bench", directory.resolve("state")));
    }

    private record Ingest(long changes, double cpuSeconds, double heapMegabytes) {}

    /** Records everything there is, as streamed initial lists. All of this process's CPU time counts. */
    private static Ingest ingest(ControlPlane plane, Path directory) throws Exception {
        long before = PROCESS.getProcessCpuTime();
        try (LiveRecording recording = record(plane, Files.createDirectory(directory))) {
            recording.writer().synced().join();
            double cpu = (PROCESS.getProcessCpuTime() - before) / 1e9;
            System.gc();
            double heap =
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
            return new Ingest(recording.writer().progress().changes(), cpu, heap);
        }
    }

    private static Ingest ingestOfAnEmptyCluster(Path directory) throws Exception {
        try (ControlPlane empty = ControlPlane.start(new String[0])) {
            return ingest(empty, directory);
        }
    }

    private static void print(String name, double value, String unit, String target) {
        System.out.printf(Locale.ROOT, "%-58s %10.0f %s   %s%n", name, value, unit, target);
    }
}
