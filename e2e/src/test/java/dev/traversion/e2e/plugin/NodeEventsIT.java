/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.Namespace;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.plugin.Plugin.Running;
import dev.traversion.e2e.recording.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real pods did on their node, told with their names when most of them are gone. */
@UsesCluster(images = true)
@Tag("plugin")
class NodeEventsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final String PODS = """
            apiVersion: v1
            kind: Pod
            metadata: {name: hungry}
            spec:
              restartPolicy: Never
              containers: [{name: main, image: ACTOR, args: [alloc, --mib, "200"], resources: {limits: {memory: 32Mi}}}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: slowed}
            spec: {containers: [{name: main, image: ACTOR, args: [burn], resources: {limits: {cpu: 50m}}}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: lost}
            spec:
              restartPolicy: Never
              containers: [{name: main, image: ACTOR, args: [dial, --count, "1", "http://nowhere/"]}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: again}
            spec: {containers: [{name: main, image: ACTOR, args: [crash, --code, "4"]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: host}
            spec:
              restartPolicy: Never
              hostPID: true
              containers: [{name: main, image: ACTOR, args: [crash, --code, "5"]}]
            """;

    @TempDir
    private Path directory;

    @Test
    void whatPodsDidIsToldWithTheirNames(Cluster cluster, Namespace namespace) throws Exception {
        assumeTrue(cluster.isLocal(), "this machine is no node of the cluster");
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "this kernel does not describe its types");
        Kubectl live = namespace.kubectl();
        String node = live.output("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
        String to = directory.resolve("recorded").toString();
        try (Plugin plugin = new Plugin(directory, live.program(), cluster.kubeconfig());
                Running record = plugin.start("record", "--to", to).awaitText("first lists complete");
                Running agent = plugin.start(
                                "record",
                                "--node",
                                "--to",
                                to,
                                "--node-name",
                                node,
                                "--events",
                                "processes,kills,connections,dns,arguments")
                        .awaitText("records into")) {
            live.apply(PODS.replace("ACTOR", Cluster.ACTOR));
            for (String pod : List.of("hungry", "lost", "host")) {
                Waiting.until(LIMIT, pod + " is at its end", () -> List.of("Succeeded", "Failed")
                        .contains(live.output("get", "pod", pod, "-o", "jsonpath={.status.phase}")));
            }
            live.output("delete", "pods", "hungry", "lost", "host", "--grace-period=0");
            Waiting.until(LIMIT, "what they did is told", () -> {
                JsonNode events = new ObjectMapper()
                        .readTree(plugin.run("events", "-n", namespace.name(), "--from", to, "-o", "json")
                                .succeeds()
                                .out());
                return isTold(events, "hungry", "oom_kill", "out of memory")
                        && isTold(events, "hungry", "arguments", "alloc --mib 200")
                        && isTold(events, "slowed", "throttled", "of its CPU limit")
                        && isTold(
                                events,
                                "lost",
                                "answered",
                                namespace.name() + ".svc.cluster.local answered with NXDOMAIN")
                        && isTold(events, "host", "exit", "exited with 5")
                        && ends(events, "again") >= 2;
            });
            agent.signal("INT").await().succeeds();
            record.signal("INT").await().succeeds();
        }
    }

    private static boolean isTold(JsonNode events, String pod, String kind, String what) {
        for (JsonNode event : events) {
            if (event.path("pod").asText().equals(pod)
                    && event.path("kind").asText().equals(kind)
                    && event.path("what").asText().contains(what)) {
                return true;
            }
        }
        return false;
    }

    /** How often its process ended. */
    private static int ends(JsonNode events, String pod) {
        Set<String> times = new HashSet<>();
        for (JsonNode event : events) {
            if (event.path("pod").asText().equals(pod)
                    && event.path("what").asText().contains("exited with 4")) {
                times.add(event.path("time").asText());
            }
        }
        return times.size();
    }
}
