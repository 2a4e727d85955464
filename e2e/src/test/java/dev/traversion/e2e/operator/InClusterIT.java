/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static dev.traversion.e2e.operator.InstalledTraversion.PATIENCE;
import static dev.traversion.e2e.operator.InstalledTraversion.TIMEOUT;
import static dev.traversion.e2e.operator.InstalledTraversion.moment;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.Namespace;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.recording.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * What a platform team does, on a real kubelet: records into a MinIO in the cluster, goes back through the server there, upgrades, loses
 * the bucket for a while, and deletes.
 */
@Tag("operator")
@UsesCluster(images = true)
class InClusterIT {

    @TempDir
    private static Path directory;

    private static InstalledTraversion traversion;
    private static Kubectl kubectl;

    @RegisterExtension
    static final TestExecutionExceptionHandler TELLING = (test, failure) -> {
        if (failure instanceof TestAbortedException) {
            throw failure;
        }
        throw new AssertionError(failure.getMessage() + "\n" + traversion.state(), failure);
    };

    @BeforeAll
    static void install(Cluster cluster, Namespace namespace) throws Exception {
        Assumptions.assumeTrue(cluster.isLocal(), "The images built here can be given to the local cluster only");
        kubectl = cluster.kubectl();
        traversion = new InstalledTraversion(cluster, namespace.name(), directory);
    }

    @AfterAll
    static void uninstall() throws Exception {
        if (traversion != null) {
            traversion.close();
        }
    }

    @Test
    void goesBackThroughTheServerInTheClusterAndComesHome(Namespace namespace) throws Exception {
        Kubectl shop = namespace.kubectl();
        shop.output("create", "configmap", "plan", "--from-literal=version=1");
        try (Plugin plugin = traversion.administrator()) {
            awaitRecorded(plugin, "plan", namespace);
            String before = moment();
            shop.output("delete", "configmap", "plan");
            String gone = moment();
            String place = namespace.name();
            awaitShown(plugin, gone);
            assertThat(plugin.run(
                                    "at",
                                    before,
                                    "get",
                                    "configmap",
                                    "plan",
                                    "-n",
                                    place,
                                    "-o",
                                    "jsonpath={.data.version}")
                            .succeeds()
                            .out())
                    .isEqualTo("1");
            plugin.run("at", gone, "get", "configmap", "plan", "-n", place).failsWith("not found");
            assertThat(plugin.run("diff", before + ".." + gone, "configmaps", "-n", place)
                            .out())
                    .contains("- configmaps/plan");

            plugin.run("rewind", before).succeeds();
            Plugin.Result past = plugin.execute(
                    kubectl.program().toString(), "get", "configmap", "plan", "-n", place, "-o", "jsonpath={.data}");
            assertThat(past.out()).isEqualTo("{\"version\":\"1\"}");
            plugin.run("rewind", "--live").succeeds();
            assertThat(plugin.execute(kubectl.program().toString(), "get", "configmap", "plan", "-n", place)
                            .err())
                    .contains("not found");
        }
    }

    /** The pods are gone when somebody asks: their names come from what the API said at that time. */
    @Test
    void whatPodsDidOnTheirNodeIsRecordedByKubectlApply(Namespace namespace) throws Exception {
        Assumptions.assumeTrue(
                Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "the kernel does not describe its types");
        kubectl.output("wait", "recording/prod", "--for=condition=NodesRecorded", TIMEOUT);
        Kubectl shop = namespace.kubectl();
        shop.apply(pod("crash", "crash, --code=3")
                + pod("refused", "dial, --count=1, \"tcp://127.0.0.1:1\"")
                + pod("lost", "dial, --count=1, \"tcp://nobody.%s.svc.cluster.local:80\"".formatted(namespace.name()))
                // Over TCP, which takes perf_event_open: the runtime's seccomp profile has to let it through.
                + "  dnsConfig: {options: [{name: use-vc}]}\n"
                + pod("brief", "version"));
        for (String name : List.of("crash", "refused", "lost", "brief")) {
            Waiting.until(PATIENCE, name + " is at its end", () -> List.of("Succeeded", "Failed")
                    .contains(shop.output("get", "pod", name, "-o", "jsonpath={.status.phase}")));
        }
        String after = moment();
        shop.output("delete", "pods", "crash", "refused", "lost", "brief");
        // It uploads what it has when it is told to end; else that would be within a minute.
        traversion.system().output("delete", "pods", "-l", "app.kubernetes.io/component=agent");
        try (Plugin keeper = traversion.keeper()) {
            Waiting.until(PATIENCE, "what they did is told", () -> {
                JsonNode events = new ObjectMapper()
                        .readTree(keeper.run(
                                        "events",
                                        "--from",
                                        "s3://recordings/prod",
                                        "-n",
                                        namespace.name(),
                                        "--at",
                                        after,
                                        "-o",
                                        "json")
                                .out());
                return isTold(events, "crash", "exit", true)
                        && isTold(events, "refused", "failed", true)
                        && isTold(events, "lost", "answered", true)
                        && isTold(events, "brief", "exec", false)
                        && isTold(events, "brief", "exit", false);
            });
        }
        kubectl.output("wait", "recording/prod", "--for=condition=NodesRecorded", TIMEOUT);
        assertThat(traversion.condition("recording/prod", "Degraded")).isEqualTo("False AsExpected");
    }

    private static boolean isTold(JsonNode events, String pod, String kind, boolean isTrouble) {
        for (JsonNode event : events) {
            if (event.path("pod").asText().equals(pod)
                    && event.path("kind").asText().equals(kind)
                    && event.path("trouble").asBoolean() == isTrouble) {
                return true;
            }
        }
        return false;
    }

    private static String pod(String name, String arguments) {
        return """
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: main, image: "traversion.test/actor:1", imagePullPolicy: IfNotPresent, args: [%s]}
                """.formatted(name, arguments);
    }

    /** There is no release yet: the version before is this one under another name. */
    @Test
    void anUpgradeLosesNothing(Namespace namespace) throws Exception {
        Kubectl shop = namespace.kubectl();
        Counter counter = new Counter(shop, "upgraded");
        try (counter) {
            traversion.upgrade();
        }
        String after = moment();
        assertThat(counter.last()).as("changes were made all the time").isGreaterThan(10);
        try (Plugin plugin = traversion.administrator()) {
            awaitShown(plugin, after);
            String versions = "jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}";
            String place = namespace.name();
            // Each of the two recorders brings what it sees into the bucket in its own time.
            Waiting.until(PATIENCE, "what the server shows is what the cluster has", () -> plugin.run(
                            "at", "now", "get", "configmaps,serviceaccounts", "-n", place, "-o", versions)
                    .succeeds()
                    .out()
                    .equals(shop.output("get", "configmaps,serviceaccounts", "-o", versions)));
            assertThat(plugin.run("at", after, "get", "pods", "-n", InstalledTraversion.SYSTEM, "-o", "name")
                            .succeeds()
                            .out())
                    .contains("pod/prod-recorder-0", "pod/prod-recorder-1");
            assertThat(counts(plugin, "upgraded", place))
                    .as("every change that was made while recorders were replaced")
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, counter.last()).boxed().toList());
        }
    }

    @Test
    void tenantsDoNotSeeEachOthersPastNorThatOfWhoHadTheirNamespaceBefore(Namespace namespace) throws Exception {
        String name = namespace.name() + "-rented";
        Tenants tenants = new Tenants(kubectl, name);
        try {
            tenants.moveIn("first");
            String first = moment();
            tenants.moveOut();
            Instant between = Instant.parse(moment());
            tenants.moveIn("second");
            String second = moment();
            try (Plugin administrator = traversion.administrator();
                    Plugin tenant = traversion.account("tenant", name);
                    Plugin neighbour = traversion.account("default", namespace.name())) {
                awaitShown(administrator, second);
                assertThat(tenant.run("at", second, "get", "configmaps", "-o", "yaml")
                                .succeeds()
                                .out())
                        .contains("owned-by-second")
                        .doesNotContain("owned-by-first");
                for (List<String> refused : tenants.beyond(first, second)) {
                    Plugin.Result result = tenant.run(refused.toArray(String[]::new));
                    assertThat(result.out()).as("%s: %s", refused, result.err()).doesNotContain("owned-by", "first");
                    result.failsWith("cannot");
                }
                JsonNode timeline = new ObjectMapper()
                        .readTree(tenant.run("timeline", "configmaps", "-n", name, "-o", "json")
                                .succeeds()
                                .out());
                assertThat(timeline.path("entries"))
                        .filteredOn(entry -> entry.path("namespace").asText().equals(name))
                        .isNotEmpty()
                        .allSatisfy(entry -> assertThat(
                                        Instant.parse(entry.path("at").asText()))
                                .as("%s", entry)
                                .isAfter(between));
                for (List<String> refused : tenants.all(second)) {
                    Plugin.Result result = neighbour.run(refused.toArray(String[]::new));
                    assertThat(result.out()).as("%s: %s", refused, result.err()).doesNotContain("owned-by");
                    result.failsWith("cannot");
                }
                tenants.investigates();
                assertThat(administrator
                                .run("at", first, "get", "configmaps", "-n", name, "-o", "yaml")
                                .succeeds()
                                .out())
                        .contains("owned-by-first");
                Waiting.until(PATIENCE, "a permission that was given counts", () -> tenant.run(
                                "at", first, "get", "configmaps", "-o", "yaml")
                        .out()
                        .contains("owned-by-first"));
            }
        } finally {
            tenants.close();
        }
    }

    /** Away, then full, then closed by a policy: each is told, and all the time is there afterwards. */
    @Test
    void aBucketThatCannotBeWrittenIsToldAndLosesNothing(Namespace namespace) throws Exception {
        Kubectl shop = namespace.kubectl();
        Counter counter = new Counter(shop, "unstored");
        Path filler = null;
        try (counter) {
            traversion.reachable(false);
            awaitUnwritable("StoreUnreachable", "Check");
            filler = traversion.fill();
            traversion.reachable(true);
            awaitUnwritable("StoreFull", "Make the bucket or its quota larger");
            traversion.writable(false);
            Files.delete(filler);
            awaitUnwritable("PermissionMissing", "s3:PutObject");
        } finally {
            traversion.reachable(true);
            traversion.writable(true);
            if (filler != null) {
                Files.deleteIfExists(filler);
            }
        }
        String after = moment();
        Waiting.until(PATIENCE, "it is back", () -> traversion
                .condition("recording/prod", "StorageReachable")
                .equals("True Written"));
        try (Plugin plugin = traversion.administrator()) {
            awaitShown(plugin, after);
            Plugin.Result there = plugin.run("at", after, "get", "configmaps", "-n", namespace.name())
                    .succeeds();
            assertThat(there.err()).as("all of it was observed").doesNotContain("Warning");
            assertThat(counts(plugin, "unstored", namespace.name()))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, counter.last()).boxed().toList());
        }
    }

    /** A condition, and an Event, that name what to do; recorders go on in their logs. */
    private static void awaitUnwritable(String reason, String advice) throws Exception {
        Waiting.until(PATIENCE, reason + " is a condition", () -> traversion
                .condition("recording/prod", "StorageReachable")
                .equals("False " + reason));
        assertThat(traversion.condition("recording/prod", "Ready")).startsWith("False");
        assertThat(traversion.condition("recording/prod", "Recording"))
                .as("recorders go on")
                .startsWith("True");
        Waiting.until(
                PATIENCE,
                "an Event says what to do",
                () -> traversion.events(reason).contains(advice)
                        && traversion.events(reason).contains("go on in their logs"));
    }

    /** As from Git: applied with kubectl, and nothing else is done. */
    @Test
    void whatIsAppliedChangesWhatIsRecordedFromThenOnAndNothingElse(Namespace namespace) throws Exception {
        Kubectl shop = namespace.kubectl();
        String card = "IBAN DE02120300000000202051";
        String note = "jsonpath={.data.note}";
        shop.output("create", "configmap", "customer", "--from-literal=note=" + card);
        Counter counter = new Counter(shop, "policed");
        String after;
        try (counter;
                Plugin plugin = traversion.administrator()) {
            awaitRecorded(plugin, "customer", namespace);
            String before = moment();
            awaitShown(plugin, before);
            shop.apply("""
                    apiVersion: traversion.dev/v1alpha1
                    kind: RecordingPolicy
                    metadata: {name: customers}
                    spec: {masking: {patterns: ["DE[0-9]{20}"]}}
                    """);
            traversion.record(
                    "prod", InstalledTraversion.SPEC + "  resources: {exclude: [endpointslices.discovery.k8s.io]}\n");
            Waiting.until(PATIENCE, "both are in force", () -> {
                String rules = traversion.system().output("get", "configmap/prod-rules", "-o", "jsonpath={.data}");
                return rules.contains("DE[0-9]{20}") && rules.contains("endpointslices");
            });
            // The Pods that read them are asked for next.
            Thread.sleep(2_000);
            traversion.settle();
            shop.output("annotate", "configmap", "customer", "seen=again");
            after = moment();
            awaitShown(plugin, after);
            String place = namespace.name();
            assertThat(plugin.run("at", before, "get", "configmap", "customer", "-n", place, "-o", note)
                            .succeeds()
                            .out())
                    .isEqualTo(card);
            Waiting.until(PATIENCE, "the recorded customer is masked", () -> plugin.run(
                            "at", "now", "get", "configmap", "customer", "-n", place, "-o", note)
                    .out()
                    .matches("IBAN hmac:[0-9a-f:]+"));
            assertThat(plugin.run("status").succeeds().out()).containsPattern("endpointslices.discovery.k8s.io +gap ");
        }
        try (Plugin plugin = traversion.administrator()) {
            Waiting.until(PATIENCE, "the last change is recorded", () -> counts(plugin, "policed", namespace.name())
                    .contains(counter.last()));
            assertThat(counts(plugin, "policed", namespace.name()))
                    .as("every change of the rest")
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, counter.last()).boxed().toList());
        } finally {
            shop.output("delete", "recordingpolicy", "customers");
            traversion.record("prod", InstalledTraversion.SPEC);
        }
    }

    @Test
    void wrongKeysAreToldAndRightOnesMendIt() throws Exception {
        traversion.wrongKeys();
        try {
            Waiting.until(PATIENCE, "that they are wrong is a condition", () -> traversion
                    .condition("recording/prod", "StorageReachable")
                    .equals("False CredentialsWrong"));
        } finally {
            traversion.rightKeys();
        }
        Waiting.until(PATIENCE, "right ones mend it", () -> traversion
                .condition("recording/prod", "StorageReachable")
                .equals("True Written"));
        traversion.settle();
    }

    @Test
    void deletionKeepsTheDataUnlessItIsAskedForAndNoLegalHoldForbidsIt() throws Exception {
        traversion.record("brief", "");
        kubectl.output("wait", "recording/brief", "--for=condition=Ready", TIMEOUT);
        kubectl.output("delete", "recording", "brief", "--timeout=120s");
        Waiting.until(PATIENCE, "nothing of it runs", () -> pods("brief").isEmpty());
        long kept = traversion.objects("brief");
        assertThat(kept).isPositive();

        traversion.record("brief", "  deletionPolicy: Delete\n  rewind: {replicas: 0}\n");
        kubectl.output("wait", "recording/brief", "--for=condition=Ready", TIMEOUT);
        kubectl.apply("""
                apiVersion: traversion.dev/v1alpha1
                kind: Snapshot
                metadata: {name: evidence}
                spec: {recording: brief, hold: true}
                """);
        kubectl.output("wait", "snapshots.traversion.dev/evidence", "--for=condition=Ready", TIMEOUT);
        kubectl.output("delete", "recording", "brief", "--wait=false");
        Waiting.until(PATIENCE, "the hold is told", () -> traversion
                .events("LegalHold")
                .contains("evidence"));
        assertThat(pods("brief")).isEmpty();
        assertThat(traversion.objects("brief")).isGreaterThanOrEqualTo(kept);

        kubectl.output(
                "patch", "snapshots.traversion.dev", "evidence", "--type=merge", "-p", "{\"spec\":{\"hold\":false}}");
        kubectl.output("delete", "snapshots.traversion.dev", "evidence", "--timeout=120s");
        kubectl.output("wait", "recording/brief", "--for=delete", TIMEOUT);
        assertThat(traversion.objects("brief")).isZero();
    }

    private static String pods(String recording) {
        return traversion.system().output("get", "pods", "-l", "app.kubernetes.io/instance=" + recording, "-o", "name");
    }

    /** A test before this one may have had the recorder replaced. */
    private static void awaitRecorded(Plugin plugin, String configMap, Namespace namespace) throws Exception {
        Waiting.until(
                PATIENCE,
                configMap + " is recorded",
                () -> plugin.run("at", "now", "get", "configmap", configMap, "-n", namespace.name())
                                .status()
                        == 0);
    }

    /** Waits until the server in the cluster shows a moment. */
    private static void awaitShown(Plugin plugin, String moment) throws Exception {
        Waiting.until(
                PATIENCE,
                moment + " is shown",
                () -> plugin.run("at", moment, "get", "--raw", "/version").status() == 0);
    }

    /** What the data of the counter were changed to, in order. */
    private static List<Integer> counts(Plugin plugin, String name, String namespace) throws Exception {
        String document = plugin.run(
                        "timeline",
                        "configmaps/" + name,
                        "-n",
                        namespace,
                        "--since",
                        "1h",
                        "--limit",
                        "100000",
                        "-o",
                        "json")
                .succeeds()
                .out();
        List<Integer> counts = new ArrayList<>();
        for (JsonNode entry : new ObjectMapper().readTree(document).path("entries")) {
            for (JsonNode field : entry.path("fields")) {
                if (field.path("path").asText().equals("data.n")) {
                    counts.add(field.path("after").asInt());
                }
            }
        }
        return counts;
    }
}
