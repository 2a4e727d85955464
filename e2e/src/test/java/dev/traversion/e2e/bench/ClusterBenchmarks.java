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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a real API server is needed for: how fast its initial lists are recorded, and how long a list of many large pods takes from
 * the past, against the same list from the server itself. One line a figure: name, value, unit, target, baseline and ratio.
 */
public final class ClusterBenchmarks {

    private static final int ROUNDS = 5;
    private static final String JSON = "application/json";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private ClusterBenchmarks() {}

    /** @param arguments the number of pods; 10,000 if there are none */
    public static void main(String[] arguments) throws Exception {
        int pods = arguments.length == 0 || arguments[0].isEmpty() ? 10_000 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("traversion-bench");
        try (ControlPlane plane = ControlPlane.start(new String[] {"--disable-admission-plugins=ServiceAccount"});
                ApiClient live = new ApiClient(plane.kubeconfig())) {
            create(live, pods);
            OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            // The first recording warms the compiler up; the second one is measured.
            for (String run : List.of("warm-up", "measured")) {
                long cpu = process.getProcessCpuTime();
                try (LiveRecording recording = new LiveRecording(
                                plane.kubeconfig(),
                                Files.createDirectory(directory.resolve(run)),
                                1,
                                WriterOptions.of("bench", directory.resolve("state-" + run)));
                        ApiClient past = new ApiClient(recording.kubeconfig())) {
                    recording.writer().synced().join();
                    double seconds = (process.getProcessCpuTime() - cpu) / 1e9;
                    if (run.equals("measured")) {
                        System.gc();
                        double heap = ManagementFactory.getMemoryMXBean()
                                        .getHeapMemoryUsage()
                                        .getUsed()
                                / 1048576.0;
                        long changes = recording.writer().progress().changes();
                        print("initial list, socket to synced log", changes / seconds, "changes/CPU-s", ">= 20000");
                        print(
                                "live heap after it, " + changes + " objects, server included",
                                heap,
                                "MiB",
                                "<= 64 + 1 KB/object");
                        compare("list of " + pods + " pods, JSON", JSON, 0.2, live, past);
                        compare("list of " + pods + " pods, Table", TABLE, 0.4, live, past);
                    }
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void compare(String name, String accept, double target, ApiClient live, ApiClient past)
            throws Exception {
        double[] server = new double[ROUNDS];
        double[] ours = new double[ROUNDS];
        long bytes = 0;
        for (int i = -1; i < ROUNDS; i++) {
            long start = System.nanoTime();
            live.drain("/api/v1/pods", accept);
            long middle = System.nanoTime();
            bytes = past.drain("/api/v1/pods", accept);
            if (i >= 0) {
                server[i] = (middle - start) / 1e9;
                ours[i] = (System.nanoTime() - middle) / 1e9;
            }
        }
        double ratio = median(ours) / median(server);
        System.out.printf(
                Locale.ROOT,
                "%-58s %10.3f s   target ratio <= %.1f   live API server %.3f s   ratio %.2f   (%d MB)%n",
                name,
                median(ours),
                target,
                median(server),
                ratio,
                bytes / 1_000_000);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String name, double value, String unit, String target) {
        System.out.printf(Locale.ROOT, "%-58s %10.0f %s   target %s%n", name, value, unit, target);
    }

    /** Pods of about 24 KB, as sidecars, environments and probes make them; nothing runs them. */
    private static void create(ApiClient live, int pods) throws Exception {
        String variables = String.join(
                ",",
                IntStream.range(0, 40)
                        .mapToObj(i -> "{\"name\":\"SETTING_" + i + "\",\"value\":\"https://service-" + i
                                + ".team.svc.cluster.local:8443/api/v1\"}")
                        .toList());
        String containers = String.join(
                ",",
                IntStream.range(0, 4).mapToObj(i -> """
                                {"name":"c%1$d","image":"registry.example.com/team/service-%1$d:1.2.3","env":[%2$s],
                                 "resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}}}
                                """.formatted(i, variables)).toList());
        try (ExecutorService senders = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> answers = IntStream.range(0, pods)
                    .mapToObj(i -> senders.submit(() -> live.send(
                                    "POST",
                                    JSON,
                                    "/api/v1/namespaces/default/pods",
                                    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"pod-" + i
                                            + "\",\"labels\":{\"app\":\"bench\"}},\"spec\":{\"automountServiceAccountToken\":false,\"containers\":["
                                            + containers + "]}}")
                            .status()))
                    .toList();
            for (Future<Integer> answer : answers) {
                if (answer.get() != 201) {
                    throw new IllegalStateException("a pod was not created: status " + answer.get());
                }
            }
        }
    }
}
