/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.Namespace;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.plugin.Plugin.Result;
import dev.traversion.e2e.plugin.Plugin.Running;
import dev.traversion.e2e.recording.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real pods log and use, asked for with kubectl at a past moment. */
@UsesCluster(images = true)
@Tag("plugin")
class NodePastIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Lines are recorded within a few seconds. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** One that ended, one that crashes and is started again, and one that goes on. */
    private static final String PODS = """
            apiVersion: v1
            kind: Pod
            metadata: {name: once, labels: {app: demo}}
            spec:
              restartPolicy: Never
              containers:
              - {name: one, image: ACTOR, args: [dial, --count, "3", "http://127.0.0.1:1/"]}
              - {name: two, image: ACTOR, args: [version]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: again}
            spec: {containers: [{name: main, image: ACTOR, args: [dial, --count, "2", "http://127.0.0.1:1/"]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{name: web, image: ACTOR, args: [serve], resources: {limits: {memory: 64Mi}}}]}
            """;

    private static final List<List<String>> LOGS = List.of(
            List.of("logs", "once", "-c", "one"),
            List.of("logs", "once", "-c", "one", "--timestamps"),
            List.of("logs", "once", "-c", "one", "--tail=1"),
            List.of("logs", "once", "-c", "one", "--limit-bytes=40"),
            List.of("logs", "once", "--all-containers", "--prefix"),
            List.of("logs", "-l", "app=demo", "-c", "two"),
            List.of("logs", "once", "-c", "two", "-f"),
            List.of("logs", "again", "--previous"),
            List.of("logs", "web", "--since=1h"),
            List.of("logs", "once"),
            List.of("logs", "once", "-c", "three"),
            List.of("logs", "web", "--previous"),
            List.of("logs", "nobody"));

    @TempDir
    private Path directory;

    @Test
    void logsAndUsageAtAMomentAreWhatTheyWereThen(Cluster cluster, Namespace namespace) throws Exception {
        assumeTrue(cluster.isLocal(), "this machine is no node of the cluster");
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "this kernel does not describe its types");
        Kubectl live = namespace.kubectl();
        String node = live.output("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
        String folder = new ObjectMapper()
                .readTree(live.output("get", "--raw", "/api/v1/nodes/" + node + "/proxy/configz"))
                .path("kubeletconfig")
                .path("podLogsDir")
                .asText();
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
                                "--logs",
                                namespace.name(),
                                "--logs-folder",
                                folder)
                        .awaitText("records into")) {
            live.apply(PODS.replace("ACTOR", Cluster.ACTOR));
            live.output("wait", "pod/once", "--for=jsonpath={.status.phase}=Failed", "--timeout=90s");
            live.output("wait", "pod/web", "--for=condition=Ready", "--timeout=90s");
            Waiting.until(
                    LIMIT,
                    "a container was started again",
                    () -> Integer.parseInt(live.output(
                                    "get",
                                    "pod",
                                    "again",
                                    "-o",
                                    "jsonpath={.status.containerStatuses[0].restartCount}"))
                            >= 1);
            String name = namespace.name();
            Waiting.until(
                    LIMIT,
                    "the log of the last container and usage are recorded",
                    () -> plugin.run("at", "now", "logs", "again", "--previous", "-n", name)
                                    .out()
                                    .contains("127.0.0.1")
                            && plugin.run("at", "now", "top", "pods", "-n", name)
                                    .out()
                                    .contains("web"));

            Thread.sleep(QUIET);
            // What a crashing container says changes: what is live is asked for before and after.
            for (List<String> command : LOGS) {
                compare(plugin, live, name, command);
            }
            String moment = Instant.now().toString();
            String logged = live.output("logs", "once", "-c", "one");
            live.output("delete", "pod", "once", "--wait=true", "--grace-period=1");
            assertThat(plugin.run("at", moment, "logs", "once", "-c", "one", "-n", name)
                            .succeeds()
                            .out())
                    .as("of a pod that is gone")
                    .isEqualTo(logged);
            top(plugin, moment, node, name);
            assertThat(plugin.run("at", moment, "logs", "-n", "kube-system", "-l", "k8s-app", "--tail=1")
                            .err())
                    .doesNotContain("\tat ");
            agent.signal("INT").await().succeeds();
            record.signal("INT").await().succeeds();
            assertThat(plugin.run("at", moment, "logs", "once", "-c", "one", "-n", name)
                            .succeeds()
                            .out())
                    .as("once it is sealed")
                    .isEqualTo(logged);
        }
    }

    private static void compare(Plugin plugin, Kubectl live, String namespace, List<String> command) throws Exception {
        List<String> past = new ArrayList<>(List.of("at", "now"));
        past.addAll(command);
        past.addAll(List.of("-n", namespace));
        String before = text(live, command);
        String then = text(plugin.run(past.toArray(String[]::new)));
        String after = text(live, command);
        // Of containers that crash often the kubelet forgets what they wrote; the past does not.
        if (before.equals(after) && !before.startsWith("unable to retrieve container logs")) {
            assertThat(then).as(String.join(" ", command)).isEqualTo(before);
        }
    }

    private static String text(Kubectl live, List<String> command) {
        Completed completed = live.run(command.toArray(String[]::new));
        return completed.status() == 0 ? completed.out() : error(completed.err());
    }

    private static String text(Result result) {
        return result.status() == 0 ? result.out() : error(result.err());
    }

    private static String error(String text) {
        return text.lines()
                .filter(line -> line.startsWith("error") || line.startsWith("Error"))
                .findFirst()
                .orElse(text);
    }

    private static void top(Plugin plugin, String moment, String node, String namespace) throws Exception {
        Map<String, String> memory = new TreeMap<>();
        plugin.run("at", moment, "top", "pods", "--containers", "--no-headers", "-n", namespace)
                .succeeds()
                .out()
                .lines()
                .forEach(line -> memory.put(line.split(" +")[0] + "/" + line.split(" +")[1], line.split(" +")[3]));
        assertThat(memory).containsKey("web/web");
        assertThat(Integer.parseInt(memory.get("web/web").replace("Mi", ""))).isBetween(1, 64);
        assertThat(plugin.run("at", moment, "top", "nodes", "--no-headers")
                        .succeeds()
                        .out())
                .containsPattern("^" + node + " +\\d+m +\\d+% +\\d+Mi +\\d+%");
    }
}
