/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Layout;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.Store;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.ObjectStore;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.cluster.UsesObjectStore;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator with its own rights against a real API server and a real object store. Nothing runs the Pods that it asks for. */
@Tag("operator")
@UsesControlPlane
@UsesObjectStore
class OperatorIT {

    private static final List<String> DEPENDENTS = List.of(
            "serviceaccount/%s-recorder",
            "serviceaccount/%s-rewind",
            "statefulset/%s-recorder",
            "deployment/%s-rewind",
            "service/%s-recorder",
            "service/%s-rewind",
            "configmap/%s-rules",
            "poddisruptionbudget/%s-recorder",
            "poddisruptionbudget/%s-rewind",
            "networkpolicy/%s-recorder",
            "networkpolicy/%s-rewind");

    private static final List<String> AGENTS = List.of(
            "daemonset/nodes-agent", "serviceaccount/nodes-agent", "networkpolicy/nodes-agent", "configmap/nodes-logs");

    @TempDir
    private static Path state;

    private static OperatorRig rig;

    @BeforeAll
    static void start(ControlPlane given) {
        rig = new OperatorRig(given, state);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void recordingGetsItsWorkloads(ObjectStore store) throws Exception {
        rig.apply(OperatorRig.recording(
                "whole", OperatorRig.bucket(store), store, "  retention: {age: 14d}\n  recorder: {replicas: 2}\n"));
        rig.credentials("whole", store);

        for (String dependent : DEPENDENTS) {
            rig.awaitThere(dependent.formatted("whole"));
        }
        assertThat(rig.owner("statefulset/whole-recorder")).isEqualTo("Recording/whole");
        assertThat(rig.field("statefulset/whole-recorder", ".spec.replicas")).isEqualTo("2");
        assertThat(rig.field("statefulset/whole-recorder", ".spec.template.spec.containers[0].args"))
                .contains("\"record\",\"--to\",\"s3://", "\"--share\"", "\"--keep\",\"14d\"");
        assertThat(rig.field("clusterrolebinding/traversion-traversion-system-whole-recorder", ".roleRef.name"))
                .isEqualTo("traversion-recorder");
        assertThat(rig.field("secret/whole-masking-key", ".data")).contains("masking.key");
        rig.awaitCondition("whole", "StorageReachable", "True", "Written");
        rig.awaitCondition("whole", "Recording", "False", "NoRecorder");
    }

    @Test
    void whatOthersChangeOrDeleteIsMadeAnew(ObjectStore store) throws Exception {
        rig.apply(OperatorRig.recording("drift", OperatorRig.bucket(store), store, ""));
        rig.awaitThere("statefulset/drift-recorder");
        rig.awaitThere("networkpolicy/drift-recorder");

        rig.kubectl().output("scale", "statefulset/drift-recorder", "--replicas=0");
        rig.kubectl().output("delete", "networkpolicy/drift-recorder", "configmap/drift-rules");

        rig.await("the recorder is back", () -> rig.field("statefulset/drift-recorder", ".spec.replicas")
                .equals("1"));
        rig.awaitThere("networkpolicy/drift-recorder");
        rig.awaitThere("configmap/drift-rules");
    }

    @Test
    void pausedRecordingHasNoRecorderAndSaysSo(ObjectStore store) throws Exception {
        rig.apply(OperatorRig.recording("pause", OperatorRig.bucket(store), store, ""));
        rig.awaitThere("statefulset/pause-recorder");

        rig.kubectl().output("patch", "recording/pause", "--type=merge", "-p", "{\"spec\":{\"paused\":true}}");

        rig.await("no recorder", () -> rig.field("statefulset/pause-recorder", ".spec.replicas")
                .equals("0"));
        rig.awaitCondition("pause", "Recording", "False", "Paused");
        assertThat(rig.field("deployment/pause-rewind", ".spec.replicas")).isEqualTo("1");
    }

    @Test
    void policyTightensAndStartsTheRecordersAnew(ObjectStore store) throws Exception {
        rig.apply(OperatorRig.recording("policies", OperatorRig.bucket(store), store, ""));
        rig.awaitThere("statefulset/policies-recorder");
        String before = rig.field("statefulset/policies-recorder", ".spec.template.metadata.annotations");

        rig.apply(OperatorRig.policy("customers", "policies", "iban"));
        rig.await("its words are in force", () -> rig.field("configmap/policies-rules", ".data")
                .contains("iban"));

        assertThat(rig.field("configmap/policies-rules", ".data")).contains("default");
        assertThat(rig.field("statefulset/policies-recorder", ".spec.template.metadata.annotations"))
                .isNotEqualTo(before);
        rig.awaitField("recordingpolicy/customers", "default", ".status.conditions[0].reason", "Accepted");

        rig.everywhere().output("delete", "recordingpolicy/customers");
        rig.await("they are gone with it", () -> !rig.field("configmap/policies-rules", ".data")
                .contains("iban"));
    }

    /** As Argo CD and Flux do: applied by the server under a name of their own, and pruned by a label when it is not in Git any more. */
    @Test
    void policiesComeChangeAndGoAsGitOpsAppliesThem(ObjectStore store) throws Exception {
        rig.apply(OperatorRig.recording("fromgit", OperatorRig.bucket(store), store, ""));
        rig.awaitThere("statefulset/fromgit-recorder");

        sync(OperatorRig.policy("team", "fromgit", "iban"), OperatorRig.policy("stays", "fromgit", "phone"));
        rig.await("what they say is in force", () -> rules("fromgit").contains("iban"));
        rig.awaitField("recordingpolicy/team", "default", ".status.conditions[0].reason", "Accepted");

        sync(OperatorRig.policy("team", "fromgit", "name"), OperatorRig.policy("stays", "fromgit", "phone"));
        rig.awaitField("recordingpolicy/team", "default", ".status.conditions[0].reason", "Conflict");
        sync(OperatorRig.policy("team", "fromgit", "customer-id"), OperatorRig.policy("stays", "fromgit", "phone"));
        rig.await("what they say now is in force", () -> rules("fromgit").contains("customer-id"));
        assertThat(rules("fromgit")).doesNotContain("iban").contains("phone");
        rig.awaitField("recordingpolicy/team", "default", ".status.conditions[0].reason", "Accepted");

        sync(OperatorRig.policy("stays", "fromgit", "phone"));
        rig.await("what is not in Git is gone", () -> !rules("fromgit").contains("customer-id"));
        assertThat(rules("fromgit")).contains("phone");
        assertThat(rig.everywhere().output("get", "recordingpolicies", "-n", "default", "-l", "from=git", "-o", "name"))
                .contains("stays")
                .doesNotContain("team");
        rig.everywhere().output("delete", "recordingpolicy/stays", "-n", "default");
    }

    private static void sync(String... manifests) {
        String all = Arrays.stream(manifests)
                .map(each -> each.replace("namespace: default}", "namespace: default, labels: {from: git}}"))
                .collect(Collectors.joining("---\n"));
        Completed synced = rig.everywhere()
                .runWithInput(
                        all,
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--field-manager=argocd-controller",
                        "-o",
                        "name",
                        "-f",
                        "-");
        assertThat(synced.status()).as(synced.err()).isZero();
        String there =
                rig.everywhere().output("get", "recordingpolicies", "-n", "default", "-l", "from=git", "-o", "name");
        there.lines().filter(each -> !synced.out().contains(each)).forEach(each -> rig.everywhere()
                .output("delete", each, "-n", "default"));
    }

    private static String rules(String recording) {
        return rig.field("configmap/" + recording + "-rules", ".data");
    }

    @Test
    void secondOperatorWaitsUntilItLeads(ObjectStore store) throws Exception {
        rig.awaitThere("lease/traversion-operator");
        String leader = rig.field("lease/traversion-operator", ".spec.holderIdentity");
        try (RunningOperator second = new RunningOperator(rig.plane(), state)) {
            rig.apply(OperatorRig.recording("led", OperatorRig.bucket(store), store, ""));
            rig.awaitThere("statefulset/led-recorder");
            rig.awaitCondition("led", "StorageReachable", "False", "CredentialsMissing");

            assertThat(second.registry().scrape(each -> each.equals("traversion_condition")))
                    .flatMap(MetricSnapshot::getDataPoints)
                    .isEmpty();
            assertThat(rig.field("lease/traversion-operator", ".spec.holderIdentity"))
                    .isEqualTo(leader);
        }
    }

    @Test
    void policyThatCannotBeInForceSaysWhy() throws Exception {
        rig.apply(OperatorRig.policy("structure", "none", "name"));
        rig.apply(OperatorRig.policy("nowhere", "none", "iban"));

        rig.awaitField("recordingpolicy/structure", "default", ".status.conditions[0].reason", "Conflict");
        rig.awaitField("recordingpolicy/nowhere", "default", ".status.conditions[0].reason", "RecordingNotFound");
    }

    @Test
    void storeThatCannotBeWrittenIsAConditionAndAnEventUntilItCan(ObjectStore store) throws Exception {
        rig.apply(OperatorRig.recording("broken", OperatorRig.bucket(store), store, ""));

        rig.awaitCondition("broken", "StorageReachable", "False", "CredentialsMissing");
        rig.awaitCondition("broken", "Degraded", "True", "CredentialsMissing");
        rig.await("an Event", () -> rig.events("broken")
                .contains("kubectl -n traversion-system create secret generic broken"));
        rig.await("a metric", () -> rig.metric("broken", "StorageReachable") == 0);
        assertThat(rig.events("broken").split("create secret generic broken", -1))
                .hasSize(2);

        rig.credentials("broken", store);
        rig.awaitCondition("broken", "StorageReachable", "True", "Written");
        rig.await("a metric", () -> rig.metric("broken", "StorageReachable") == 1);
    }

    @Test
    void bucketThatIsNotThereIsNamed(ObjectStore store) throws Exception {
        rig.credentials("nobucket", store);
        rig.apply(OperatorRig.recording("nobucket", "not-there-" + UUID.randomUUID(), store, ""));

        rig.awaitCondition("nobucket", "StorageReachable", "False", "BucketNotFound");
        assertThat(rig.condition("nobucket", "StorageReachable").path("message").asText())
                .contains("not-there-");
    }

    @Test
    void wrongKeysAreAConditionAndAnEventUntilTheyAreRight(ObjectStore store) throws Exception {
        rig.kubectl()
                .output(
                        "create",
                        "secret",
                        "generic",
                        "wrongkeys",
                        "--from-literal=AWS_ACCESS_KEY_ID=" + store.accessKey(),
                        "--from-literal=AWS_SECRET_ACCESS_KEY=not-the-secret");
        rig.apply(OperatorRig.recording("wrongkeys", OperatorRig.bucket(store), store, ""));

        rig.awaitCondition("wrongkeys", "StorageReachable", "False", "CredentialsWrong");
        rig.await("an Event", () -> rig.events("wrongkeys").contains("They are in Secret wrongkeys."));

        rig.kubectl().output("delete", "secret", "wrongkeys");
        rig.credentials("wrongkeys", store);
        rig.awaitCondition("wrongkeys", "StorageReachable", "True", "Written");
    }

    @Test
    void maskingKeyIsReplacedWhenThatIsAskedForAndWhenItIsOld(ObjectStore store) throws Exception {
        String bucket = OperatorRig.bucket(store);
        rig.apply(OperatorRig.recording("rotated", bucket, store, ""));
        rig.awaitThere("statefulset/rotated-recorder");
        String first = keys("rotated");
        String before = rig.field("statefulset/rotated-recorder", ".spec.template.metadata.annotations");
        assertThat(first).matches("[0-9a-f]{64}");

        rig.kubectl().output("annotate", "recording/rotated", "traversion.dev/rotate=now");
        rig.apply(OperatorRig.recording("rotated", bucket, store, "  masking: {rotateEvery: 90d}\n"));
        rig.await("a new key", () -> keys("rotated").matches("[0-9a-f]{64}\n" + first));
        rig.await("it is told", () -> rig.events("rotated").contains("Tokens are of a new key"));
        rig.await("the recorders start anew", () -> !rig.field(
                        "statefulset/rotated-recorder", ".spec.template.metadata.annotations")
                .equals(before));
        String second = keys("rotated");

        rig.kubectl()
                .output(
                        "annotate",
                        "secret/rotated-masking-key",
                        "--overwrite",
                        "traversion.dev/rotated=2020-01-01T00:00:00Z");
        rig.await("another one, since it is old", () -> keys("rotated").matches("[0-9a-f]{64}\n" + second));
    }

    @Test
    void nodesAreRecordedByAgentsAsLongAsThatIsAskedFor(ObjectStore store) throws Exception {
        String bucket = OperatorRig.bucket(store);
        rig.credentials("nodes", store);
        rig.apply(OperatorRig.recording("nodes", bucket, store, "  nodes: {}\n  logs: {namespaces: [shop]}\n"));
        rig.apply("""
                apiVersion: traversion.dev/v1alpha1
                kind: RecordingPolicy
                metadata: {name: team, namespace: default}
                spec: {recording: nodes, logs: true}
                """);
        for (String agent : AGENTS) {
            rig.awaitThere(agent);
        }
        assertThat(rig.owner("daemonset/nodes-agent")).isEqualTo("Recording/nodes");
        assertThat(rig.field("daemonset/nodes-agent", ".spec.template.spec.containers[0].args"))
                .contains("\"--cluster\",\"" + rig.clusterId() + "\"", "\"processes,kills,connections,disks\"");
        rig.await("what the team asks for is there", () -> rig.field("configmap/nodes-logs", ".data.logs\\.json")
                .contains("[\"default\",\"shop\"]"));
        rig.awaitCondition("nodes", "NodesRecorded", "Unknown", "NoNode");

        rig.apply(OperatorRig.recording("nodes", bucket, store, "  nodes: {}\n  paused: true\n"));
        rig.awaitCondition("nodes", "NodesRecorded", "False", "Paused");
        rig.await("no agent runs", () -> !rig.isThere("daemonset/nodes-agent"));
        rig.await(
                "what is secret is known, and no logs are asked for",
                () -> !rig.field("configmap/nodes-logs", ".data.logs\\.json").contains("shop"));
        assertThat(rig.isThere("serviceaccount/nodes-agent")).isTrue();

        rig.kubectl().output("delete", "recordingpolicy/team", "--namespace=default");
        rig.kubectl()
                .output(
                        "patch",
                        "recording/nodes",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"remove\",\"path\":\"/spec/nodes\"}]");
        for (String agent : AGENTS) {
            rig.await(agent + " is gone", () -> !rig.isThere(agent));
        }
        rig.await("nothing is told of nodes", () -> rig.condition("nodes", "NodesRecorded")
                .isNull());
    }

    private static String keys(String recording) {
        String encoded = rig.field("secret/" + recording + "-masking-key", ".data.masking\\.key");
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
    }

    @Test
    void deletedRecordingLeavesItsDataAndItsKey(ObjectStore server) throws Exception {
        String bucket = OperatorRig.bucket(server);
        rig.apply(OperatorRig.recording("kept", bucket, server, ""));
        rig.credentials("kept", server);
        rig.awaitCondition("kept", "StorageReachable", "True", "Written");
        try (Store store = OperatorRig.open(server, bucket)) {
            new Layout(rig.clusterId()).create(store);

            rig.kubectl().output("delete", "recording/kept", "--timeout=60s");

            assertThat(store.list("clusters/")).isNotEmpty();
        }
        assertThat(rig.isThere("secret/kept-masking-key")).isTrue();
        assertThat(rig.isThere("statefulset/kept-recorder")).isFalse();
        assertThat(rig.isThere("clusterrolebinding/traversion-traversion-system-kept-recorder"))
                .isFalse();
    }

    @Test
    void dataIsDeletedIfAskedForAndNoLegalHoldForbidsIt(ObjectStore server) throws Exception {
        String bucket = OperatorRig.bucket(server);
        rig.apply(OperatorRig.recording("forgotten", bucket, server, "  deletionPolicy: Delete\n"));
        rig.credentials("forgotten", server);
        rig.awaitCondition("forgotten", "StorageReachable", "True", "Written");
        try (Store store = OperatorRig.open(server, bucket)) {
            Layout layout = new Layout(rig.clusterId());
            layout.create(store);
            Pins pins = new Pins(store, layout);
            pins.add(new Pin("case-7", 1, 2, "court order", "2026-01-31T00:00:00Z", true));

            rig.kubectl().output("delete", "recording/forgotten", "--wait=false");
            rig.await("the hold is named", () -> rig.events("forgotten").contains("legal holds forbid it (case-7)"));
            assertThat(store.list("clusters/")).isNotEmpty();

            pins.remove("case-7");
            rig.await("it is gone", () -> !rig.isThere("recording/forgotten"));
            assertThat(store.list("clusters/")).isEmpty();
        }
        assertThat(rig.isThere("secret/forgotten-masking-key")).isFalse();
    }
}
