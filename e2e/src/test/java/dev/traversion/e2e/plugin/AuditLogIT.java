/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit log of a real API server becomes a recording in which each version is there when it was written. */
@UsesControlPlane
@Tag("plugin")
class AuditLogIT {

    private static final String[] NAMES = {"-n", "shop", "-o", "custom-columns=:metadata.name,:metadata.resourceVersion"
    };

    @TempDir
    private Path directory;

    @Test
    void whatWasWrittenIsReadBack() throws Exception {
        Path policy = Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                rules:
                - level: RequestResponse
                """);
        Path log = directory.resolve("audit.log");
        String widget = """
                apiVersion: example.com/v1
                kind: Widget
                metadata: {name: round, namespace: shop}
                spec: {size: 3}
                """;
        try (ControlPlane plane = ControlPlane.start(
                "--audit-policy-file=" + policy, "--audit-log-path=" + log, "--audit-log-mode=blocking")) {
            Kubectl kubectl = plane.kubectl();
            kubectl.output("create", "namespace", "shop");
            kubectl.output("create", "configmap", "plan", "-n", "shop", "--from-literal=step=one");
            Thread.sleep(1100);
            Instant first = Instant.now();
            Thread.sleep(1100);
            kubectl.output("create", "deployment", "web", "-n", "shop", "--image=web:1");
            kubectl.output("create", "secret", "generic", "key", "-n", "shop", "--from-literal=password=canary-4711");
            kubectl.output("patch", "configmap", "plan", "-n", "shop", "-p", "{\"data\":{\"step\":\"two\"}}");
            kubectl.output("create", "configmap", "short", "-n", "shop");
            kubectl.output("delete", "configmap", "short", "-n", "shop");
            assertThat(kubectl.runWithInput(CRD, "create", "-f", "-").err()).isEmpty();
            kubectl.awaitEstablished("crd/widgets.example.com");
            assertThat(kubectl.runWithInput(widget, "create", "-f", "-").err()).isEmpty();

            Plugin plugin = new Plugin(directory, kubectl.program(), plane.kubeconfig());
            Path to = directory.resolve("imported");
            Result imported =
                    plugin.run("import", log.toString(), "--to", to.toString()).succeeds();
            assertThat(imported.out()).contains("an audit log of cluster ");
            try (plugin) {
                for (String type : new String[] {"configmaps", "deployments", "widgets", "secrets"}) {
                    assertThat(past(plugin, to, "now", type)).as(type).isEqualTo(kubectl.output(command("get", type)));
                }
                Result then = plugin.run(
                                "at",
                                "--from",
                                to.toString(),
                                first.toString(),
                                "get",
                                "configmap",
                                "plan",
                                "-n",
                                "shop",
                                "-o",
                                "jsonpath={.data.step}")
                        .succeeds();
                assertThat(then.out()).isEqualTo("one");
                assertThat(then.err()).contains("imported from an audit log");
                assertThat(past(plugin, to, first.toString(), "deployments")).isBlank();
                assertThat(plugin.run("timeline", "--from", to.toString(), "configmap/plan", "-n", "shop")
                                .succeeds()
                                .out())
                        .contains("data.step: \"one\" -> \"two\"");
            }
            assertThat(plugin.execute("grep", "-r", "canary-4711", to.toString())
                            .out())
                    .isEmpty();
        }
    }

    private static String past(Plugin plugin, Path recording, String moment, String type) throws Exception {
        String[] at = {"at", "--from", recording.toString(), moment};
        String[] get = command("get", type);
        String[] all = new String[at.length + get.length];
        System.arraycopy(at, 0, all, 0, at.length);
        System.arraycopy(get, 0, all, at.length, get.length);
        return plugin.run(all).succeeds().out();
    }

    private static String[] command(String verb, String type) {
        String[] command = new String[NAMES.length + 2];
        command[0] = verb;
        command[1] = type;
        System.arraycopy(NAMES, 0, command, 2, NAMES.length);
        return command;
    }

    private static final String CRD = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              names: {kind: Widget, plural: widgets, singular: widget}
              scope: Namespaced
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;
}
