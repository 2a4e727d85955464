/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.cluster.Kubectl;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Plays scenarios on a cluster that is being recorded, and keeps a recording of each run together with its truth. */
final class Rig {

    /** How many scenarios may happen at the same time: more would starve one another on a small machine. */
    private static final int AT_ONCE = 5;

    /** How long what is well is left alone before the fault, ms. */
    private static final long CALM = 4_000;

    /** How long the symptom is left to unfold before the question, ms. */
    private static final long AFTERMATH = 6_000;

    /** How long there is nothing to see in a run without a fault, ms. */
    private static final long QUIET = 15_000;

    private static final String SINCE = "15m";

    private final Kubectl cluster;
    private final Path launcher;
    private final boolean local;
    private final Consumer<String> progress;

    /**
     * What came of it.
     *
     * @param kept the folders of those that were played, by name
     * @param skipped runs that need what the cluster has not, with what that is
     * @param failed runs that did not come as far as the symptom, with the reason
     */
    record Outcome(List<Path> kept, Map<String, String> skipped, Map<String, String> failed) {}

    /** A run whose symptom has shown, since {@code from}. */
    private record Played(Run run, Instant from, Truth truth) {}

    /**
     * @param launcher ./traversion
     * @param local whether this machine is the cluster's node
     */
    Rig(Kubectl cluster, Path launcher, boolean local, Consumer<String> progress) {
        this.cluster = cluster;
        this.launcher = launcher;
        this.local = local;
        this.progress = progress;
    }

    /**
     * Plays all, those that are to be alone one after another at the end.
     *
     * @param program the plugin, which records
     * @param work for what is not kept
     * @param keep gets a folder of each run
     */
    Outcome play(List<Run> runs, Program program, Path work, Path keep) throws IOException, InterruptedException {
        Map<String, String> skipped = new TreeMap<>();
        Map<String, String> failed = new TreeMap<>();
        Path recording = work.resolve("recording");
        List<Played> played = new ArrayList<>();
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build()) {
            Set<String> extras = Extras.of(client, local);
            List<Run> possible = new ArrayList<>();
            for (Run run : runs) {
                Optional<String> missing = run.scenario().needs().stream()
                        .filter(need -> !extras.contains(need))
                        .findFirst();
                missing.ifPresentOrElse(
                        need -> skipped.put(run.name(), "needs " + Extras.named(need)), () -> possible.add(run));
            }
            if (possible.isEmpty()) {
                return new Outcome(List.of(), skipped, failed);
            }
            try (Recorder _ = Recorder.ofCluster(program, cluster.kubeconfig(), recording, work.resolve("record.log"));
                    Recorder _ = local ? agent(client, program, recording, work) : null) {
                for (boolean alone : List.of(false, true)) {
                    List<Run> turn = possible.stream()
                            .filter(run -> run.scenario().alone() == alone)
                            .toList();
                    played.addAll(play(turn, alone ? 1 : AT_ONCE, client, work, failed));
                }
            }
        }
        List<Path> folders = new ArrayList<>();
        try (ExecutorService keepers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            Map<Run, Future<Path>> kept = new LinkedHashMap<>();
            for (Played each : played) {
                Path folder = keep.resolve(each.run().name());
                kept.put(each.run(), keepers.submit(() -> keep(each, program, recording, folder)));
            }
            for (Map.Entry<Run, Future<Path>> each : kept.entrySet()) {
                settle(each.getKey(), each.getValue(), failed).ifPresent(folders::add);
            }
        }
        folders.sort(null);
        return new Outcome(folders, skipped, failed);
    }

    private Recorder agent(KubernetesClient client, Program program, Path recording, Path work)
            throws IOException, InterruptedException {
        String node = client.nodes().list().getItems().getFirst().getMetadata().getName();
        JsonNode kubelet = new ObjectMapper().readTree(client.raw("/api/v1/nodes/" + node + "/proxy/configz"));
        Path logs = Path.of(kubelet.path("kubeletconfig").path("podLogsDir").asText("/var/log/pods"));
        return Recorder.ofNode(program, cluster.kubeconfig(), node, logs, recording, work.resolve("agent.log"));
    }

    private List<Played> play(
            List<Run> runs, int atOnce, KubernetesClient client, Path work, Map<String, String> failed)
            throws InterruptedException {
        Map<Run, Future<Played>> futures = new LinkedHashMap<>();
        List<Played> played = new ArrayList<>();
        try (ExecutorService players = Executors.newFixedThreadPool(atOnce)) {
            runs.forEach(run -> futures.put(run, players.submit(() -> play(run, client, work))));
            for (Map.Entry<Run, Future<Played>> each : futures.entrySet()) {
                settle(each.getKey(), each.getValue(), failed).ifPresent(played::add);
            }
        }
        return played;
    }

    /** The result; none if the task has failed. */
    private <T> Optional<T> settle(Run run, Future<T> task, Map<String, String> failed) throws InterruptedException {
        try {
            return Optional.ofNullable(task.get());
        } catch (ExecutionException e) {
            progress.accept(run.name() + " FAILED: " + e.getCause());
            failed.put(run.name(), String.valueOf(e.getCause().getMessage()));
            return Optional.empty();
        }
    }

    private Played play(Run run, KubernetesClient client, Path work) throws IOException, InterruptedException {
        Scenario scenario = run.scenario();
        Instant from = Instant.now();
        // Rules must not learn from a name what has happened in it.
        Stage stage = new Stage(
                client,
                cluster,
                "shop-" + UUID.randomUUID().toString().substring(0, 8),
                work,
                launcher,
                scenario.folder());
        Decoys decoys = new Decoys(run.decoys(), scenario, run.seed());
        progress.accept(run.name() + " in " + stage.namespace());
        try {
            stage.create();
            decoys.prepare(stage);
            stage.prepare(scenario);
            Thread.sleep(CALM);
            boolean isHealthy = stage.isHealthy();
            decoys.before(stage);
            if (isHealthy) {
                // A rollout of the victim would be taken for the symptom.
                stage.awaitHealthy(scenario.name());
            }
            for (Step step : scenario.fault()) {
                stage.take(step);
            }
            decoys.after(stage);
            for (Condition symptom : scenario.symptoms()) {
                stage.await(symptom);
            }
            Thread.sleep(scenario.cause().isEmpty() ? QUIET : AFTERMATH);
            if (scenario.cause().isEmpty()) {
                stage.awaitHealthy(scenario.name());
            }
            Instant at = Instant.now();
            // The recorder is a moment behind.
            Thread.sleep(1_000);
            progress.accept(run.name() + ": " + (scenario.cause().isEmpty() ? "quiet" : "the symptom shows"));
            return new Played(run, from, truth(run, stage.namespace(), at));
        } finally {
            stage.leave(scenario);
        }
    }

    private static Truth truth(Run run, String namespace, Instant at) {
        Scenario scenario = run.scenario();
        Optional<Cause> cause = scenario.cause()
                .map(stated -> new Cause(
                        stated.kind(),
                        stated.namespace().replace(Scenario.NAMESPACE, namespace),
                        stated.name().replace(Scenario.NAMESPACE, namespace),
                        stated.operation(),
                        stated.path(),
                        stated.manager()));
        return new Truth(
                scenario.name(),
                run.seed(),
                run.decoys().text(),
                scenario.target().replace(Scenario.NAMESPACE, namespace),
                namespace,
                at,
                SINCE,
                cause,
                Baselines.Ranks.NONE);
    }

    private static Path keep(Played played, Program program, Path recording, Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path file = folder.resolve(Kept.RECORDING);
        Files.deleteIfExists(file);
        program.output(List.of(
                "export",
                file.toString(),
                played.from() + ".." + played.truth().at().plusSeconds(1),
                "--from",
                recording.toString()));
        Truth truth = played.truth();
        if (truth.cause().isPresent()) {
            truth = truth.with(
                    Baselines.of(program, file, truth).ranks(truth.cause().get()));
        }
        truth.write(folder);
        return folder;
    }
}
