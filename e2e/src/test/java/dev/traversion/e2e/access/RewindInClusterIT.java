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
import java.util.ArrayList;
import java.util.List;
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
            announce(plane, past);
            String time = past.moment();
            Path kubeconfig = ann(plane, directory);
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

    @Test
    void atDiffAndTimelineNeedNothingButTheKubeconfigEither(ControlPlane plane, @TempDir Path directory)
            throws Exception {
        try (GuardedPast past = new GuardedPast(plane, directory)) {
            past.tenant("mart", "seen-by-ann");
            past.tenant("rival", "not-for-ann");
            plane.kubectl().output("create", "rolebinding", "ann", "-n", "mart", "--role=reader", "--group=humans");
            announce(plane, past);
            String time = past.moment();
            plane.kubectl()
                    .output("patch", "configmap", "plan", "-n", "mart", "-p", "{\"data\":{\"owner\":\"later\"}}");
            String later = past.moment();

            try (Plugin plugin = new Plugin(directory, plane.kubectl().program(), ann(plane, directory))) {
                Plugin.Result there = plugin.run("at", time, "get", "configmap", "plan", "-n", "mart", "-o", "yaml")
                        .succeeds();
                assertThat(there.out()).contains("seen-by-ann");
                assertThat(there.err()).contains("from the cluster itself");
                assertThat(plugin.run("at", "-n", "mart", "cm/plan~1", "get", "configmap", "plan", "-o", "yaml")
                                .succeeds()
                                .out())
                        .contains("seen-by-ann");
                plugin.run("at", "-n", "mart", "cm/plan~3", "get", "configmap", "plan")
                        .failsWith("The recording has 2 versions of configmaps/plan");
                plugin.run("at", time, "get", "configmaps", "-n", "rival")
                        .failsWith("User \"ann\" cannot list resource \"configmaps\"");

                Plugin.Result diff = plugin.run("diff", time + ".." + later, "configmaps", "-n", "mart");
                assertThat(diff.status()).as("there are differences: %s", diff).isOne();
                assertThat(diff.out()).contains("~ configmaps/plan -n mart", "\"seen-by-ann\" -> \"later\"");
                assertThat(diff.err()).contains("# " + later.substring(0, 19), ", complete", "1 changed");
                assertThat(plugin.run("diff", time + ".." + later, "cm/plan", "-n", "mart", "-o", "json")
                                .out())
                        .contains("\"before\" : \"seen-by-ann\"")
                        .doesNotContain("\"old\"");
                assertThat(plugin.with("KUBECTL_EXTERNAL_DIFF", "diff -r")
                                .run("diff", time + ".." + later, "cm", "-n", "mart")
                                .out())
                        .contains("<   owner: \"seen-by-ann\"", ">   owner: \"later\"");
                assertThat(plugin.run("timeline", "cm/plan", "-n", "mart", "--tree")
                                .succeeds()
                                .out())
                        .contains("data.owner: \"seen-by-ann\" -> \"later\"");
                for (String command : List.of("diff", "timeline")) {
                    List<String> line = new ArrayList<>(List.of(command, "configmaps", "-n", "rival"));
                    if (command.equals("diff")) {
                        line.add(1, time + ".." + later);
                    }
                    Plugin.Result refused = plugin.run(line.toArray(String[]::new));
                    refused.failsWith("User \"ann\" cannot list resource \"configmaps\"");
                    assertThat(refused.out()).isEmpty();
                }

                String passes = "certificatesigningrequests";
                String before = plane.kubectl().output("get", passes, "-o", "name");
                assertThat(before.lines()).as("one pass for all of these").hasSize(1);
                plane.kubectl().output("delete", passes, "--all");
                // The server remembers it for some seconds.
                Thread.sleep(11_000);
                plugin.run("at", time, "get", "configmaps", "-n", "mart").succeeds();
                assertThat(plane.kubectl().output("get", passes, "-o", "name"))
                        .as("another one, since that one was taken away")
                        .isNotEqualTo(before)
                        .isNotBlank();
            }
        }
    }

    @Test
    void statusPlayExportAuditPinsVerifyAndQueryNeedNothingButTheKubeconfigEither(
            ControlPlane plane, @TempDir Path directory) throws Exception {
        try (GuardedPast past = new GuardedPast(plane, directory)) {
            past.tenant("cinema", "seen-by-ann");
            past.tenant("backstage", "not-for-ann");
            plane.kubectl().output("create", "rolebinding", "ann", "-n", "cinema", "--role=reader", "--group=humans");
            announce(plane, past);
            String begin = past.moment();
            plane.kubectl()
                    .output("patch", "configmap", "plan", "-n", "cinema", "-p", "{\"data\":{\"owner\":\"later\"}}");
            String end = past.moment();
            String film = begin + ".." + end;
            String file = directory.resolve("all.trv").toString();

            try (Plugin plugin = new Plugin(directory, plane.kubectl().program(), ann(plane, directory))) {
                Plugin.Result status = plugin.run("status").succeeds();
                assertThat(status.out())
                        .contains("is being recorded", "iB\n", "COVERED")
                        .containsPattern("configmaps +observed +- +\\d+s +\\d+.\\d%");
                assertThat(status.err()).contains("are shown to those who may list everything");

                Plugin.Result shown = plugin.run(
                                "play",
                                film,
                                "cm/plan",
                                "-n",
                                "cinema",
                                "--speed",
                                "100",
                                "--until",
                                "jsonpath={.data.owner}=later")
                        .succeeds();
                assertThat(shown.out()).contains("\"after\":\"later\"");
                assertThat(shown.err()).contains("is true of configmaps/plan -n cinema at ");
                plugin.run("play", film, "cm", "-n", "backstage")
                        .failsWith("User \"ann\" cannot list resource \"configmaps\"");

                plugin.run("export", file, film).failsWith("User \"ann\" cannot list resource \"*\"");
                plugin.run("audit").failsWith("User \"ann\" cannot list resource \"reads\"");
                plugin.run("pins").failsWith("User \"ann\" cannot list resource \"pins\"");
                plugin.run("verify").failsWith("User \"ann\" cannot get resource \"checks\"");
                plugin.run("query", "SELECT 1").failsWith("User \"ann\" cannot list resource \"*\"");
                plugin.run("pin", "mine", film).failsWith("said by Snapshots");
                assertThat(Path.of(file)).doesNotExist();
            }
            Path everything = Files.createDirectory(directory.resolve("administrator"));
            try (Plugin plugin = new Plugin(everything, plane.kubectl().program(), plane.kubeconfig())) {
                String place = past.recording().toString();
                plugin.run("pin", "--from", place, "case-7", film, "--hold", "--reason", "court order")
                        .succeeds();
                Plugin.Result pins = plugin.run("pins").succeeds();
                assertThat(pins.out()).containsPattern("case-7  .* to .*  legal hold  court order");
                assertThat(pins.out())
                        .isEqualTo(plugin.run("pins", "--from", place).out());
                assertThat(plugin.run("verify").succeeds().out())
                        .contains("Cluster " + past.cluster(), "on record, in 1 chains", "It is what was written.");
                plugin.run("verify", "--live").failsWith("Name the recording");
                String versions = "SELECT count(*) FROM versions WHERE namespace = 'cinema' AND name = 'plan'";
                assertThat(plugin.run("query", versions).succeeds().out())
                        .isEqualTo(
                                plugin.run("query", "--from", place, versions).out());
                assertThat(plugin.run(
                                        "query",
                                        "SELECT 1 WHERE @{cm/plan~1} > TIMESTAMP_NS '2020-01-01 00:00:00'",
                                        "-n",
                                        "cinema")
                                .succeeds()
                                .err())
                        .contains("# from the cluster itself", "1 row.");
                assertThat(plugin.run("status", "-o", "json").succeeds().out()).contains("\"lastChange\"", "\"bytes\"");
                plugin.run("export", file, film).succeeds();
                assertThat(plugin.run("at", "--from", file, end, "get", "configmaps", "-A", "-o", "yaml")
                                .succeeds()
                                .out())
                        .contains("owner: later", "not-for-ann");
                Plugin.Result audit = plugin.run("audit", "--user", "ann").succeeds();
                assertThat(audit.out())
                        .containsPattern("ann +get /clusters/\\S+/status\\S* .*allowed")
                        .containsPattern("ann +list reads.traversion.dev .*refused")
                        .containsPattern("ann +get checks.traversion.dev .*refused")
                        .containsPattern("ann +list configmaps +backstage .*refused");
                assertThat(plugin.run("audit", "--resource", "*.*").succeeds().out())
                        .contains("ann")
                        .doesNotContain("backstage");
            }
        }
    }

    private static void announce(ControlPlane plane, GuardedPast past) throws Exception {
        String authority = past.certificate().indent(6).stripTrailing();
        plane.kubectl().apply(service(past.port(), authority));
    }

    /** The kubeconfig of somebody who is nobody but Ann. */
    private static Path ann(ControlPlane plane, Path directory) throws Exception {
        return Files.writeString(
                directory.resolve("ann.kubeconfig"),
                Files.readString(plane.kubeconfig())
                        .replaceFirst("(?m)^( *)user:\\s*\\n", "$0$1  as: ann\n$1  as-groups: [humans]\n"));
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
