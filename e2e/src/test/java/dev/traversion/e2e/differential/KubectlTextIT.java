/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.WriterOptions;
import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.Namespace;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.recording.LiveRecording;
import dev.traversion.e2e.recording.Waiting;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person sees: the same commands of the real kubectl, against the cluster and against its past of this moment, must write the
 * same text, for every resource that the cluster lists.
 */
@Tag("differential")
@UsesCluster(images = true)
class KubectlTextIT {

    /** What is not recorded because the server does not store it, and why; the past says so in a sentence. */
    private static final Map<String, String> UNRECORDED = Map.of(
            "componentstatuses",
            "found out anew, by asking the parts of the control plane, each time somebody lists them");

    /** Those of the objects here in which something is secret. */
    private static final List<String> MASKED = List.of("pods", "secrets");

    private static final int PER_COMMAND = 8;
    private static final String KINDS = "jsonpath={range .items[*]}{.apiVersion} {.kind}{'\\n'}{end}";

    private final List<String> differences = new ArrayList<>();
    private final List<Future<Optional<String>>> running = new ArrayList<>();

    @Test
    void thePastOfThisMomentReadsLikeTheCluster(Cluster cluster, Namespace namespace, @TempDir Path directory)
            throws Exception {
        WriterOptions options = new WriterOptions(
                "text",
                directory.resolve("state"),
                50_000,
                0,
                1_000_000,
                Duration.ofHours(1),
                256L << 20,
                16L << 30,
                Duration.ofSeconds(5),
                Clock.systemUTC());
        Kubectl live =
                cluster.kubectl().with("--cache-dir", directory.resolve("live").toString());
        try (KindObjects objects = KindObjects.define(live, namespace.name());
                LiveRecording recording = new LiveRecording(cluster.kubeconfig(), directory, 1, options);
                ExecutorService pool = Executors.newFixedThreadPool(2)) {
            objects.create();
            Kubectl past = new Kubectl(live.program(), recording.kubeconfig())
                    .with("--cache-dir", directory.resolve("past").toString());
            Waiting.until(
                    Duration.ofSeconds(60),
                    "the past serves the custom resources",
                    () -> past.run("get", "kites,skies").status() == 0);
            TextComparison comparison = new TextComparison(live, past, new MaskedText(live, recording.masking()));
            List<String> resources = new ArrayList<>(live.output("api-resources", "--verbs=list", "-o", "name")
                    .lines()
                    .sorted()
                    .toList());
            assertThat(resources).hasSizeGreaterThan(60).containsAll(UNRECORDED.keySet());
            for (String resource : UNRECORDED.keySet()) {
                assertRefused(past, resource + " are not recorded", "get", resource);
            }
            Kubectl inside = past.with("--namespace", namespace.name());
            assertRefused(inside, "was not recorded", "logs", "once");
            assertRefused(inside, "read-only", "exec", "mounts", "-c", "main", "--", "/actor", "version");
            assertRefused(inside, "read-only", "delete", "configmap", "settings");
            assertRefused(inside, "read-only", "create", "configmap", "more");
            assertRefused(inside, "a recording can only be read", "auth", "can-i", "create", "pods");
            resources.removeAll(UNRECORDED.keySet());

            assertThat(live.output("get", String.join(",", resources), "-A", "-o", KINDS)
                            .lines()
                            .distinct())
                    .as("kinds of which there is an object, of " + resources)
                    .hasSameSizeAs(resources);

            for (String resource : resources) {
                for (List<String> command : TextCommands.ofResource(resource)) {
                    submit(pool, comparison, resource, command);
                }
            }
            for (int i = 0; i < resources.size(); i += PER_COMMAND) {
                List<String> some = resources.subList(i, Math.min(i + PER_COMMAND, resources.size()));
                for (List<String> command : TextCommands.ofResources(String.join(",", some))) {
                    submit(
                            pool,
                            comparison,
                            MASKED.stream().filter(some::contains).collect(Collectors.joining(",")),
                            command);
                }
            }
            for (List<String> command : TextCommands.others(namespace.name())) {
                submit(pool, comparison, "", command);
            }
            for (Future<Optional<String>> one : running) {
                one.get().ifPresent(differences::add);
            }
            System.out.println("Compared " + comparison.made() + " outputs of kubectl, of " + resources.size()
                    + " resources; " + differences.size() + " differ");
            assertThat(differences)
                    .overridingErrorMessage(String.join("\n", differences))
                    .isEmpty();
        }
    }

    private void submit(ExecutorService pool, TextComparison comparison, String resource, List<String> command) {
        running.add(pool.submit(() -> comparison.differences(resource, command.toArray(String[]::new))));
    }

    /** What needs more than a recording says so in a sentence. */
    private static void assertRefused(Kubectl past, String sentence, String... command) {
        Completed completed = past.run(command);
        assertThat(completed.status()).as(String.join(" ", command)).isNotZero();
        assertThat(completed.out() + completed.err())
                .as(String.join(" ", command))
                .contains(sentence);
    }
}
