/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.traversion.analysis.why.Incidents;
import dev.traversion.analysis.why.Why;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Prints what questions about causes take over an hour of one namespace. Arguments: numbers of objects; 1,000 and 10,000 if there are
 * none. The ratio is to reading and parsing the state at the end once, all of it, in the same run.
 */
public final class WhyBenchmark {

    private static final int ROUNDS = 5;
    private static final double TARGET_MILLIS = 2000;

    private final Recording recording;
    private double baseline;

    private WhyBenchmark(Recording recording) {
        this.recording = recording;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> sizes = arguments.length == 0 ? List.of("1000", "10000") : List.of(arguments);
        for (String size : sizes) {
            Path directory = Files.createTempDirectory("why-bench");
            try (Store store = Stores.open(directory.resolve("recording").toString())) {
                BusyNamespace.write(store, directory.resolve("state"), Integer.parseInt(size));
                try (Recording recording = Recording.open(store, BusyNamespace.CLUSTER, RecordingOptions.defaults())) {
                    System.out.printf(
                            Locale.ROOT,
                            "%s objects, one hour; CPU time, target <= %.0f ms%n%-28s %10s %10s %12s %8s  %s%n",
                            size,
                            TARGET_MILLIS,
                            "",
                            "first, ms",
                            "later, ms",
                            "garbage, MiB",
                            "ratio",
                            "answer");
                    new WhyBenchmark(recording).run();
                }
            } finally {
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private void run() throws Exception {
        measure("baseline: the state, parsed", this::state);
        measure("a rollout that crashes", () -> ask("apps", "deployments", "app-7"));
        measure("its Service", () -> ask("", "services", "app-7"));
        measure("a rollout no node takes", () -> ask("apps", "deployments", "app-9"));
        measure("a healthy Service", () -> ask("", "services", "app-20"));
        measure("what was wrong", this::incidents);
    }

    private void measure(String what, Callable<String> question) throws Exception {
        double first = 0;
        double[] later = new double[ROUNDS];
        long garbage = 0;
        String answer = "";
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int round = -1; round < ROUNDS; round++) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long begin = system.getProcessCpuTime();
            answer = question.call();
            double millis = (system.getProcessCpuTime() - begin) / 1e6;
            garbage = threads.getCurrentThreadAllocatedBytes() - allocated;
            if (round < 0) {
                first = millis;
            } else {
                later[round] = millis;
            }
        }
        java.util.Arrays.sort(later);
        double median = later[ROUNDS / 2];
        baseline = baseline == 0 ? median : baseline;
        System.out.printf(
                Locale.ROOT,
                "%-28s %10.0f %10.0f %12.0f %8.2f  %s%n",
                what,
                first,
                median,
                garbage / 1048576.0,
                median / baseline,
                answer);
    }

    private String state() throws IOException {
        ObjectMapper json = new ObjectMapper();
        int[] read = {0};
        for (ResourceType type : recording.types(BusyNamespace.END)) {
            recording.list(type, "", null, BusyNamespace.END, version -> {
                read[0] += json.readTree(version.body()).isEmpty() ? 0 : 1;
                return true;
            });
        }
        return read[0] + " objects";
    }

    private String ask(String group, String resource, String name) throws IOException {
        ObjectKey key = BusyNamespace.key(group, resource, "shop", name);
        String summary = Why.ask(recording, gate(), key, BusyNamespace.START, BusyNamespace.END)
                .summary();
        return summary.substring(0, Math.min(110, summary.length()));
    }

    private String incidents() throws IOException {
        Incidents incidents = Incidents.of(gate(), Set.of(), "", BusyNamespace.START, BusyNamespace.END, 100);
        return incidents.incidents().size() + " incidents";
    }

    private Gate gate() {
        return (_, _) -> Optional.of(recording);
    }
}
