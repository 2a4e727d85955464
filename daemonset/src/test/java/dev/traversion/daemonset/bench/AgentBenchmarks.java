/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import dev.traversion.archive.bench.Figure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the agent takes of a node, beside nothing and beside a script for bpftrace that writes down the same, in the same run: at a steady
 * rate of events, on a busy server, in a storm of processes. Argument: rounds of the latter two, 5 if there is none. As root.
 */
public final class AgentBenchmarks {

    /** As the image starts it. */
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-Xms8m",
            "-Xmn4m",
            "-Xmx64m",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:+UseCompactObjectHeaders",
            "-XX:ReservedCodeCacheSize=32m",
            "-Xss256k",
            "-XX:+ExitOnOutOfMemoryError");

    private static final int[] RATES = {1_000, 10_000, 50_000, 95_000};
    private static final int TARGET_RATE = 10_000;
    private static final int WARM_RATE = 50_000;
    private static final int WARM_SECONDS = 15;
    private static final int MEASURED_SECONDS = 10;
    private static final String EVENTS = "traversion_agent_events_total";
    private static final String LOST = "traversion_agent_events_lost_total";
    private static final int CONNECTIONS = 8_000;
    private static final int FORKS = 800;
    private static final String ALONE = "alone";
    private static final String AGENT = "agent";
    private static final String BPFTRACE = "bpftrace";

    private final Map<String, List<Double>> figures = new TreeMap<>();

    private AgentBenchmarks() {}

    public static void main(String[] arguments) throws Exception {
        RowBenchmarks.drain();
        RowBenchmarks.flows();
        rates();
        new AgentBenchmarks().loads(arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]));
    }

    private static void rates() throws Exception {
        Map<Integer, Double> baseline = new TreeMap<>();
        Optional<Bpftrace> script = Bpftrace.start();
        if (script.isPresent()) {
            try (Bpftrace bpftrace = script.get()) {
                for (int rate : RATES) {
                    baseline.put(rate, share(bpftrace, rate, MEASURED_SECONDS));
                    Figure.plain("rate." + rate + ".bpftrace-cpu", baseline.get(rate) * 100, "% of a core");
                }
                Figure.plain("rate.bpftrace-rss", bpftrace.residentMiB(), "MiB");
            }
        }
        try (AgentProcess agent = AgentProcess.start(OPTIONS)) {
            // It is compiled by then: agents run for months.
            share(agent, WARM_RATE, WARM_SECONDS);
            for (int rate : RATES) {
                long events = agent.counter(EVENTS);
                long lost = agent.counter(LOST);
                double share = share(agent, rate, MEASURED_SECONDS);
                String name = "rate." + rate + ".agent";
                if (rate == TARGET_RATE) {
                    Figure.atMost(name + "-cpu", share * 100, "% of a core", 1);
                } else {
                    Figure.plain(name + "-cpu", share * 100, "% of a core");
                }
                if (baseline.containsKey(rate)) {
                    Figure.plain(name + "-cpu/bpftrace-cpu", share / baseline.get(rate), "x");
                }
                Figure.plain(name + "-events", (double) (agent.counter(EVENTS) - events), "events");
                Figure.plain(name + "-lost", (double) (agent.counter(LOST) - lost), "events");
            }
            Figure.atMost("rate.agent-rss", agent.residentMiB(), "MiB", 96);
        }
    }

    /** The share of a processor that an observer takes while there are so many events a second. */
    private static double share(Observer observer, int rate, int seconds) throws Exception {
        List<String> command = AgentProcess.java(List.of("-XX:+UseSerialGC", "-Xmx32m"), SignalLoad.class);
        command.add(Integer.toString(rate));
        command.add(Integer.toString(seconds + 2));
        Process load = new ProcessBuilder(command).start();
        Thread.sleep(1000);
        double before = observer.cpuNanos();
        long began = System.nanoTime();
        Thread.sleep(seconds * 1000L);
        double share = (observer.cpuNanos() - before) / (System.nanoTime() - began);
        ended(load, "the signals");
        // What was lost is told when the agent writes.
        Thread.sleep(3000);
        return share;
    }

    private void loads(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            load(ALONE);
            try (AgentProcess _ = AgentProcess.start(OPTIONS)) {
                load(AGENT);
            }
            Optional<Bpftrace> script = Bpftrace.start();
            if (script.isPresent()) {
                try (Bpftrace _ = script.get()) {
                    load(BPFTRACE);
                }
            }
        }
        String all = "processes,kills,connections,disks,dns,arguments";
        try (AgentProcess agent = AgentProcess.start(OPTIONS, "--events", all);
                ProgramTimes times = new ProgramTimes()) {
            load("counted");
            times.print(agent.pid());
        }
        for (String load : List.of("connection", "request", "fork-exec")) {
            double alone = median(ALONE, load);
            Figure.plain("load." + load + ".alone", alone / 1000, "us of CPU");
            Figure.plain("load." + load + ".agent/alone", median(AGENT, load) / alone, "x");
            if (figures.containsKey(BPFTRACE + " " + load)) {
                Figure.plain("load." + load + ".bpftrace/alone", median(BPFTRACE, load) / alone, "x");
            }
        }
    }

    private void load(String beside) throws Exception {
        List<String> command = AgentProcess.java(List.of("-XX:+UseSerialGC", "-Xmx64m"), ConnectionLoad.class);
        command.add(Integer.toString(CONNECTIONS));
        Process connections = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] nanos = ended(connections, "the connections").strip().split(" ");
        add(beside, "connection", Double.parseDouble(nanos[0]));
        add(beside, "request", Double.parseDouble(nanos[1]));
        String storm = String.format(
                Locale.ROOT, "TIMEFORMAT='%%U %%S'; time for ((i = 0; i < %d; i++)); do /bin/true; done", FORKS);
        Process forks = new ProcessBuilder("bash", "-c", storm)
                .redirectErrorStream(true)
                .start();
        String[] seconds = ended(forks, "the storm").strip().split(" ");
        add(beside, "fork-exec", (Double.parseDouble(seconds[0]) + Double.parseDouble(seconds[1])) * 1e9 / FORKS);
    }

    private void add(String beside, String load, double nanos) {
        figures.computeIfAbsent(beside + " " + load, _ -> new ArrayList<>()).add(nanos);
    }

    private double median(String beside, String load) {
        List<Double> all = new ArrayList<>(figures.get(beside + " " + load));
        Collections.sort(all);
        return all.get(all.size() / 2);
    }

    private static String ended(Process process, String what) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(what + " ended with " + process.exitValue() + ": " + said);
        }
        return said;
    }
}
