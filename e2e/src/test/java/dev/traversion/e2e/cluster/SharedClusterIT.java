/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.recording.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
@UsesCluster(images = true)
class SharedClusterIT {

    private static final String SHOP = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                    - name: web
                      image: traversion.test/actor:2
                      args: [serve, --name, web]
                      readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 1}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            """;

    @Test
    void podsReachServicesByName(Namespace namespace) throws Exception {
        Kubectl kubectl = namespace.kubectl();
        kubectl.apply(SHOP);
        kubectl.output("rollout", "status", "deployment/web", "--timeout=120s");

        // A node forwards to a pod a moment after it is ready.
        AtomicInteger tries = new AtomicInteger();
        Waiting.until(
                Duration.ofSeconds(30),
                "somebody answers",
                () -> kubectl.run(dial("try-" + tries.incrementAndGet(), 1, "http://web/"))
                                .status()
                        == 0);

        String dialled = kubectl.output(
                dial("client", 5, "http://web/", "http://web." + namespace.name() + ".svc.cluster.local/"));

        assertThat(dialled).contains("ok http://web/").doesNotContain("failed");
        assertThat(kubectl.output("exec", "deployment/web", "--", "/actor", "version"))
                .isEqualTo("2\n");
    }

    /** What runs a pod that calls, and prints what came of it. */
    private static String[] dial(String pod, int times, String... urls) {
        List<String> words = new ArrayList<>(List.of("run", pod, "--image", Cluster.ACTOR, "--restart=Never"));
        words.addAll(List.of("--attach", "--quiet", "--", "dial", "--count", Integer.toString(times)));
        words.addAll(List.of(urls));
        return words.toArray(String[]::new);
    }

    @Test
    void containersThatTakeTooMuchMemoryAreKilled(Namespace namespace) {
        Kubectl kubectl = namespace.kubectl();
        kubectl.output(
                "run",
                "leak",
                "--image",
                Cluster.ACTOR,
                "--restart=Never",
                "--overrides={\"spec\":{\"containers\":[{\"name\":\"leak\",\"image\":\"" + Cluster.ACTOR
                        + "\",\"args\":[\"alloc\",\"--mib\",\"100\"],\"resources\":{\"limits\":{\"memory\":\"32Mi\"}}}]}}");

        kubectl.output("wait", "pod/leak", "--for=jsonpath={.status.phase}=Failed", "--timeout=120s");

        assertThat(kubectl.output("get", "pod", "leak", "-o", "jsonpath={..terminated.reason}"))
                .isEqualTo("OOMKilled");
    }

    @Test
    void kubectlSaysWhatWentWrong(Kubectl kubectl) {
        Completed completed = kubectl.run("get", "pods", "no-such-pod");

        assertThat(completed.status()).isEqualTo(1);
        assertThat(completed.err()).contains("pods \"no-such-pod\" not found");
    }
}
