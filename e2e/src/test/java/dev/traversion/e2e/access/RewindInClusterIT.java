/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl traversion rewind 10m}, with nothing but the user's kubeconfig. */
@Tag("access")
@UsesControlPlane
class RewindInClusterIT {

    @Test
    void goesBackAsTheUserAndComesHomeAgain(ControlPlane plane, @TempDir Path directory) throws Exception {
        try (GuardedPast past = new GuardedPast(plane, directory)) {
            past.tenant("shop", "seen-by-ann");
            past.tenant("other", "not-for-ann");
            plane.kubectl().output("create", "rolebinding", "ann", "-n", "shop", "--role=reader", "--group=humans");
            String authority = past.certificate().indent(6).stripTrailing();
            plane.kubectl().apply(service(past.port(), authority));
            String time = past.moment();
            String text = Files.readString(plane.kubeconfig());
            Path kubeconfig = Files.writeString(
                    directory.resolve("ann.kubeconfig"),
                    text.replaceFirst("(?m)^( *)user:\\s*\\n", "$0$1  as: ann\n$1  as-groups: [humans]\n"));
            Kubectl ann = new Kubectl(plane.kubectl().program(), kubeconfig);
            assertThat(ann.output("auth", "whoami")).contains("ann", "humans");
            plane.kubectl().output("delete", "configmap", "plan", "-n", "shop");
            past.moment();

            try (Plugin plugin = new Plugin(directory, plane.kubectl().program(), kubeconfig)) {
                Plugin.Result there = plugin.run("rewind", time).succeeds();
                assertThat(there.err()).contains("from the cluster itself");
                assertThat(ann.output("config", "current-context")).contains("@");
                Completed other = ann.run("get", "configmaps", "-n", "other");
                assertThat(other.err()).contains("User \"ann\" cannot list resource \"configmaps\"");
                assertThat(ann.output("get", "configmap", "plan", "-n", "shop", "-o", "yaml"))
                        .contains("seen-by-ann");
                assertThat(past.reads()).anyMatch(read -> read.user().equals("ann") && !read.allowed());

                String place = directory.resolve("recording").toString();
                Plugin.Result audit = plugin.run(
                                "audit", place, "--user", "ann", "--resource", "configmaps", "-o", "wide")
                        .succeeds();
                assertThat(audit.out())
                        .containsPattern("ann +get configmaps plan +shop +" + time
                                + " +allowed +.*humans.* 127\\.0\\.0\\.1 +kubectl")
                        .containsPattern("ann +list configmaps +other .*refused");
                assertThat(plugin.run("audit", place, "--since", "1h", "-o", "json")
                                .succeeds()
                                .out())
                        .contains("\"user\":\"ann\"");
                assertThat(plugin.run("audit", place, "--until", "1h")
                                .succeeds()
                                .out())
                        .doesNotContain("ann");
                assertThat(plugin.run("verify", place).succeeds().out()).contains("on record, in 1 chains");

                plugin.run("rewind", "--live").succeeds();
                assertThat(Files.readString(kubeconfig)).doesNotContain("traversion.dev");
                assertThat(ann.run("get", "configmap", "plan", "-n", "shop").err())
                        .contains("not found");
            }
        }
    }

    /** The server as the operator announces it, and what people need to get there. */
    private static String service(int port, String authority) {
        return """
            apiVersion: v1
            kind: Namespace
            metadata: {name: traversion-system}
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: prod-rewind
              namespace: traversion-system
              labels: {app.kubernetes.io/name: traversion, app.kubernetes.io/component: rewind}
              annotations:
                traversion.dev/url: https://127.0.0.1:%d
                traversion.dev/ca: |
            %s
            spec: {ports: [{port: 443}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: traversion-user}
            rules:
            - {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create]}
            - {apiGroups: [""], resources: [services], verbs: [get, list]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: traversion-user}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: traversion-user}
            subjects: [{kind: Group, name: humans, apiGroup: rbac.authorization.k8s.io}]
            """.formatted(port, authority);
    }
}
