/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.reads.ReadRecord;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.faults.LoopMount;
import dev.traversion.e2e.recording.Waiting;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tenants with namespaces of their own must not see each other's past. */
@Tag("access")
@UsesControlPlane
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private ControlPlane plane;
    private GuardedPast past;

    @BeforeAll
    void serve(ControlPlane shared) throws Exception {
        plane = shared;
        past = new GuardedPast(plane, directory);
    }

    @AfterAll
    void close() {
        if (past != null) {
            past.close();
        }
    }

    @Test
    void tenantsSeeTheirOwnPastAndNoneOfTheOthers() throws Exception {
        past.tenant("red", "owned-by-red");
        past.tenant("blue", "owned-by-blue");
        String time = past.moment();

        assertThat(past.at(time, "red", "get", "configmaps", "-n", "red", "-o", "yaml")
                        .out())
                .contains("owned-by-red");
        assertThat(past.at(time, "red", "get", "configmap", "plan", "-n", "red").status())
                .isZero();
        assertThat(past.at(time, "red", "get", "namespace", "red").status()).isZero();
        for (String[] forbidden : List.of(
                new String[] {"get", "configmaps", "-n", "blue"},
                new String[] {"get", "configmap", "plan", "-n", "blue"},
                new String[] {"get", "configmaps", "-A"},
                new String[] {"get", "configmaps", "-A", "--field-selector", "metadata.namespace=blue"},
                new String[] {"get", "namespace", "blue"},
                new String[] {"get", "namespaces"},
                new String[] {"get", "pods", "-n", "red"},
                new String[] {"logs", "plan", "-n", "red"},
                new String[] {"get", "configmaps", "-n", "blue", "--watch"})) {
            Completed refused = past.at(time, "red", forbidden);
            assertThat(refused.status())
                    .as("%s: %s", List.of(forbidden), refused)
                    .isNotZero();
            assertThat(refused.out() + refused.err()).doesNotContain("owned-by-blue");
        }
        assertThat(past.at(time, "red", "get", "configmaps", "-n", "blue").err())
                .contains("Error from server (Forbidden): configmaps is forbidden: User"
                        + " \"system:serviceaccount:red:reader\" cannot list resource \"configmaps\" in API group \"\" in the"
                        + " namespace \"blue\"");
    }

    @Test
    void theConsoleShowsWhatMayBeReadAndCountsTheRest() throws Exception {
        past.tenant("green", "owned-by-green");
        past.tenant("yellow", "owned-by-yellow");
        RawClient client = new RawClient(past.port(), "/console/api/clusters/" + past.cluster());
        String bearer = "Bearer " + past.token("green");
        String time = past.moment();

        String all = client.get("/resources?t=" + time, "Authorization", bearer);
        assertThat(all).startsWith("200").contains("green").doesNotContain("yellow", "\"namespaces\":0");
        for (String question : List.of(
                "/index?to=" + time,
                "/search?q=plan&t=" + time,
                "/diff?bodies=true&to=" + time,
                "/timeline?to=" + time,
                "/topology?t=" + time,
                "/table?resource=configmaps&t=" + time)) {
            String answer = client.get(question, "Authorization", bearer);
            assertThat(answer).as(question).startsWith("200").doesNotContain("yellow");
        }
        assertThat(client.get("/search?q=plan&t=" + time, "Authorization", bearer))
                .contains("\"total\":1");
        for (String question : List.of(
                "/object?resource=configmaps&namespace=yellow&name=plan&t=" + time,
                "/history?resource=configmaps&namespace=yellow&name=plan&to=" + time,
                "/table?resource=configmaps&namespace=yellow&t=" + time,
                "/index?resources=configmaps&namespace=yellow&to=" + time)) {
            String answer = client.get(question, "Authorization", bearer);
            assertThat(answer)
                    .as(question)
                    .startsWith("403")
                    .contains("cannot", "\"next\"")
                    .doesNotContain("owned-by-yellow");
        }
        assertThat(client.get("/resources?t=" + time)).startsWith("401");
        assertThat(past.reads())
                .as("reads of the console are on record")
                .anyMatch(read -> read.user().equals("system:serviceaccount:green:reader")
                        && read.namespace().equals("green")
                        && read.request().startsWith("/console/api/")
                        && read.allowed());
    }

    @Test
    void whatANamespaceOfTheSameNameHeldBeforeStaysOutOfReach() throws Exception {
        past.tenant("twice", "owned-by-first");
        String first = past.moment();
        assertThat(past.at(first, "twice", "get", "configmap", "plan", "-n", "twice", "-o", "yaml")
                        .out())
                .contains("owned-by-first");
        String version = plane.kubectl()
                .output("get", "configmap", "plan", "-n", "twice", "-o", "jsonpath={.metadata.resourceVersion}");
        past.delete("twice");
        String between = past.moment();
        past.tenant("twice", "owned-by-second");
        String second = past.moment();

        Waiting.until(
                PATIENCE,
                "the new namespace counts",
                () -> past.at(second, "twice", "get", "configmaps", "-n", "twice")
                                .status()
                        == 0);
        assertThat(past.at(second, "twice", "get", "configmap", "plan", "-n", "twice", "-o", "yaml")
                        .out())
                .contains("owned-by-second");
        for (String time : List.of(first, between)) {
            Completed refused = past.at(time, "twice", "get", "configmaps", "-n", "twice", "-o", "yaml");
            assertThat(refused.status()).isNotZero();
            assertThat(refused.err()).contains("permissions in today's do not reach it");
            assertThat(refused.out() + refused.err()).doesNotContain("owned-by-first");
        }
        RawClient client = new RawClient(past.port(), "/clusters/" + past.cluster());
        String bearer = "Bearer " + past.token("twice");
        assertThat(client.get("/at/" + second + "/api/v1/namespaces/twice/configmaps", "Authorization", bearer))
                .contains("owned-by-second");
        for (String query : List.of(
                "?resourceVersion=" + version + "&resourceVersionMatch=Exact",
                "?watch=true&timeoutSeconds=2&resourceVersion=" + (Long.parseLong(version) - 1))) {
            String sneaky = client.get(
                    "/at/" + second + "/api/v1/namespaces/twice/configmaps" + query, "Authorization", bearer);
            assertThat(sneaky).as(query).startsWith("200").doesNotContain("owned-by-first");
        }
        for (String analysis : List.of("diff", "timeline")) {
            String path = "/" + analysis + "/" + first + "/" + second + "?resource=configmaps&namespace=twice";
            assertThat(client.get(path, "Authorization", bearer))
                    .startsWith("403")
                    .contains("permissions in today's do not reach it");
        }
        assertThat(client.get(
                        "/versions/" + first + "/" + second + "?resource=configmaps&namespace=twice&name=plan",
                        "Authorization",
                        bearer))
                .startsWith("200")
                .doesNotContain("\"resourceVersion\":\"" + version + "\"")
                .contains("\"omitted\":0");
        assertThat(client.get(
                        "/timeline/" + between + "/" + second + "?resource=configmaps&namespace=twice",
                        "Authorization",
                        bearer))
                .startsWith("200")
                .contains("plan")
                .doesNotContain("owned-by-first");
        assertThat(client.get(
                        "/versions/" + first + "/" + first + "?resource=configmaps&namespace=twice&name=plan",
                        "Authorization",
                        bearer))
                .startsWith("403");

        plane.kubectl().apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: investigator}
                rules: [{apiGroups: [traversion.dev], resources: [moments], verbs: [get, list, watch]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: investigator}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: investigator}
                subjects: [{kind: ServiceAccount, name: reader, namespace: twice}]
                """);
        Waiting.until(PATIENCE, "the grant counts", () -> past.at(
                        first, "twice", "get", "configmaps", "-n", "twice", "-o", "yaml")
                .out()
                .contains("owned-by-first"));
        plane.kubectl().output("delete", "clusterrolebinding", "investigator");
        Waiting.until(
                PATIENCE,
                "its end counts",
                () -> past.at(first, "twice", "get", "configmaps", "-n", "twice")
                                .status()
                        != 0);
    }

    @Test
    void secretsNeedAVerbOfTheirOwn() throws Exception {
        past.tenant("vault", "hidden");
        String time = past.moment();

        Completed refused = past.at(time, "vault", "get", "secrets", "-n", "vault");
        assertThat(refused.err()).contains("cannot rewind resource \"secrets\"", "need a verb of their own");
        plane.kubectl().output("create", "role", "past", "-n", "vault", "--verb=rewind", "--resource=secrets");
        plane.kubectl()
                .output("create", "rolebinding", "past", "-n", "vault", "--role=past", "--serviceaccount=vault:reader");
        Waiting.until(
                PATIENCE,
                "the grant counts",
                () -> past.at(time, "vault", "get", "secrets", "-n", "vault").status() == 0);
        assertThat(past.at(time, "vault", "get", "secret", "db", "-n", "vault", "-o", "yaml")
                        .out())
                .contains("name: db")
                .doesNotContain(
                        "hidden", Base64.getEncoder().encodeToString("hidden".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void everyReadIsOnRecordAndSoIsEveryRefusal() throws Exception {
        past.tenant("book", "on-record");
        String time = past.moment();
        past.at(time, "book", "get", "configmap", "plan", "-n", "book");
        past.at(time, "book", "get", "configmaps", "-n", "kube-system");

        List<ReadRecord> reads = past.reads().stream()
                .filter(read -> read.user().equals("system:serviceaccount:book:reader"))
                .toList();
        assertThat(reads)
                .anyMatch(read -> read.allowed()
                        && read.verb().equals("get")
                        && read.resource().equals("configmaps")
                        && read.name().equals("plan")
                        && Instant.parse(read.from()).equals(Instant.parse(time))
                        && read.agent().startsWith("kubectl"))
                .anyMatch(read -> !read.allowed()
                        && read.namespace().equals("kube-system")
                        && read.reason().contains("cannot list"));
    }

    @Test
    void aWatchEndsWhenItsPermissionDoes() throws Exception {
        past.tenant("brief", "watched");
        past.moment();
        RawClient client = new RawClient(past.port(), "/clusters/" + past.cluster() + "/at/now");
        String path = "/api/v1/namespaces/brief/configmaps?watch=true&timeoutSeconds=120";
        String bearer = "Bearer " + past.token("brief");
        CompletableFuture<String> watch =
                CompletableFuture.supplyAsync(() -> client.get(path, "Authorization", bearer));
        Thread.sleep(1000);
        assertThat(watch).isNotDone();
        plane.kubectl().output("delete", "rolebinding", "reader", "-n", "brief");

        Waiting.until(PATIENCE, "the watch has ended", watch::isDone);
        assertThat(watch.join()).startsWith("200").contains("watched");
    }

    @Test
    void nothingIsShownThatCannotBePutOnRecord() throws Exception {
        past.tenant("full", "not-to-be-shown");
        String time = past.moment();
        assertThat(past.at(time, "full", "get", "configmaps", "-n", "full", "-o", "yaml")
                        .out())
                .contains("not-to-be-shown");
        Path reads = directory.resolve("recording/clusters/" + past.cluster() + "/reads");
        Path aside = directory.resolve("reads-aside");
        assertThat(past.counted("allowed")).isPositive();
        double before = past.counted("unrecorded");
        Files.move(reads, aside);
        Files.createFile(reads);
        try {
            Completed refused = past.at(time, "full", "get", "configmaps", "-n", "full", "-o", "yaml", "--v=6");
            assertThat(refused.status()).isNotZero();
            assertThat(refused.err()).contains("503", "cannot be put on record");
            assertThat(past.counted("unrecorded")).isGreaterThan(before);
            assertThat(refused.out() + refused.err()).doesNotContain("not-to-be-shown");
        } finally {
            Files.delete(reads);
            Files.move(aside, reads);
        }
        assertThat(past.at(time, "full", "get", "configmaps", "-n", "full", "-o", "yaml")
                        .out())
                .contains("not-to-be-shown");
        assertThat(past.reads()).isNotEmpty();
    }

    @Test
    void aFullDiskShowsNothingUntilThereIsRoomAgain() throws Exception {
        past.tenant("tight", "not-without-room");
        String time = past.moment();
        Path disk = directory.resolve("disk");
        try (LoopMount mount = new LoopMount(directory.resolve("image"), disk, 64)) {
            Path copy = disk.resolve("recording");
            assertThat(new ProcessBuilder(
                                    "cp", "-r", directory.resolve("recording").toString(), copy.toString())
                            .start()
                            .waitFor())
                    .isZero();
            past.serveInstead(copy);
            try {
                String[] read = {"get", "configmaps", "-n", "tight", "-o", "yaml"};
                assertThat(past.at(time, "tight", read).out()).contains("not-without-room");
                Path filler = mount.fill();
                Completed refused = past.at(time, "tight", read);
                assertThat(refused.status()).isNotZero();
                assertThat(refused.err()).contains("cannot be put on record");
                assertThat(refused.out() + refused.err()).doesNotContain("not-without-room");
                Files.delete(filler);
                assertThat(past.at(time, "tight", read).out()).contains("not-without-room");
            } finally {
                past.serveInstead(directory.resolve("recording"));
            }
        }
    }
}
