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
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
    private static final int PORT = 8080;

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
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: wired}
            spec:
              restartPolicy: Never
              hostNetwork: true
              containers: [{name: main, image: ACTOR, args: [dial, --count, "1", "tcp://127.0.0.1:1"]}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{name: main, image: ACTOR, args: [serve]}]}
            """;

    /** The kubelet reads it by itself, and what the API calls it is not what its control group is called. */
    private static final String STATIC = """
            apiVersion: v1
            kind: Pod
            metadata: {name: fixed, namespace: NAMESPACE}
            spec:
              containers: [{name: main, image: ACTOR, args: [crash, --code, "6"]}]
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void whatPodsDidIsToldWithTheirNames(Cluster cluster, Namespace namespace) throws Exception {
        assumeTrue(cluster.isLocal(), "this machine is no node of the cluster");
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "this kernel does not describe its types");
        Kubectl live = namespace.kubectl();
        String node = live.output("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
        JsonNode kubelet = JSON.readTree(live.output("get", "--raw", "/api/v1/nodes/" + node + "/proxy/configz"));
        Path manifest = Path.of(
                        kubelet.path("kubeletconfig").path("staticPodPath").asText())
                .resolve(namespace.name() + ".yaml");
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
            Files.writeString(manifest, STATIC.replace("ACTOR", Cluster.ACTOR).replace("NAMESPACE", namespace.name()));
            reset(live);
            for (String pod : List.of("hungry", "lost", "host", "wired")) {
                Waiting.until(LIMIT, pod + " is at its end", () -> List.of("Succeeded", "Failed")
                        .contains(live.output("get", "pod", pod, "-o", "jsonpath={.status.phase}")));
            }
            live.output("delete", "pods", "hungry", "lost", "host", "wired", "--grace-period=0");
            Waiting.until(LIMIT, "what they did is told", () -> {
                JsonNode events = JSON.readTree(plugin.run("events", "-n", namespace.name(), "--from", to, "-o", "json")
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
                        && isTold(events, "wired", "failed", "connection to 127.0.0.1:1 failed: refused")
                        && isTold(events, "web", "broken", "broke: reset by the other side")
                        && isTold(events, "fixed-" + node, "exit", "exited with 6")
                        && ends(events, "again") >= 2;
            });
            agent.signal("INT").await().succeeds();
            record.signal("INT").await().succeeds();
        } finally {
            Files.deleteIfExists(manifest);
        }
    }

    /** Asks a server in a pod for something, and resets the connection before it answers. */
    private static void reset(Kubectl live) throws Exception {
        live.output("wait", "pod/web", "--for=condition=Ready", "--timeout=90s");
        String address = live.output("get", "pod", "web", "-o", "jsonpath={.status.podIP}");
        Waiting.until(LIMIT, "the server listens", () -> {
            try (Socket socket = new Socket(address, PORT)) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.setSoLinger(true, 0);
                return true;
            } catch (ConnectException e) {
                return false;
            }
        });
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
