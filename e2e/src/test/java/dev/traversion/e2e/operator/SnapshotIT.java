/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.ObjectStore;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.cluster.UsesObjectStore;
import dev.traversion.masking.rules.RecordingRules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of a recording that is being made by the recorder which the operator asks for. */
@Tag("operator")
@UsesControlPlane
@UsesObjectStore
class SnapshotIT {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");

    @TempDir
    private static Path directory;

    private static OperatorRig rig;
    private static DeployedPod recorder;
    private static Store store;

    @BeforeAll
    static void start(ControlPlane plane, ObjectStore server) throws Exception {
        rig = new OperatorRig(plane, Files.createDirectory(directory.resolve("operator")));
        String bucket = OperatorRig.bucket(server);
        store = OperatorRig.open(server, bucket);
        rig.credentials("snap", server);
        rig.apply(OperatorRig.policy("customers", "snap", "iban"));
        rig.apply(OperatorRig.recording(
                "snap", bucket, server, "  resources: {exclude: [leases.coordination.k8s.io]}\n"));
        rig.awaitThere("statefulset/snap-recorder");
        rig.await("the policy is in force", () -> rig.field("configmap/snap-rules", ".data")
                .contains("iban"));
        recorder = DeployedPod.recorder(rig, "snap", Files.createDirectory(directory.resolve("recorder")));
    }

    @AfterAll
    static void stop() throws Exception {
        recorder.end().succeeds();
        rig.close();
        store.close();
    }

    @Test
    void momentIsPinnedAndItsContentTold() throws Exception {
        rig.apply(snapshot("content", "keepFor: 1h"));
        awaitKept("content");

        assertThat(Long.parseLong(rig.field("snapshot/content", ".status.objects")))
                .isPositive();
        assertThat(Long.parseLong(rig.field("snapshot/content", ".status.bytes")))
                .isPositive();
        assertThat(rig.field("snapshot/content", ".status.digest")).matches("[0-9a-f]{64}");
        assertThat(rig.field("snapshot/content", ".status.gaps")).isIn("", "[]");
        assertThat(rig.field("snapshot/content", ".status.completeness")).isEqualTo("Complete");
        assertThat(rig.field("snapshot/content", ".status.expires")).isNotEmpty();
        assertThat(pins()).contains("snapshot-content");
    }

    @Test
    void sameMomentHasTheSameDigest() throws Exception {
        rig.apply(snapshot("one", "reason: first"));
        awaitKept("one");
        rig.apply(snapshot("other", "time: \"" + rig.field("snapshot/one", ".status.time") + "\""));
        awaitKept("other");

        assertThat(rig.field("snapshot/other", ".status.digest"))
                .isEqualTo(rig.field("snapshot/one", ".status.digest"));
    }

    @Test
    void momentThatIsOverIsLetGo() throws Exception {
        rig.apply(snapshot("brief", "keepFor: 1s"));

        rig.await("it is gone", () -> !rig.isThere("snapshot/brief"));
        assertThat(pins()).doesNotContain("snapshot-brief");
    }

    @Test
    void legalHoldCannotBeDeletedUntilItIsLifted() throws Exception {
        rig.apply(snapshot("case", "hold: true"));
        awaitKept("case");
        assertThat(pins()).contains("snapshot-case", "snapshot-case.hold");

        rig.kubectl().output("delete", "snapshot/case", "--wait=false");
        rig.await("it says why it stays", () -> rig.events("case").contains("A legal hold cannot be deleted"));
        assertThat(rig.isThere("snapshot/case")).isTrue();

        rig.kubectl().output("patch", "snapshot/case", "--type=merge", "-p", "{\"spec\":{\"hold\":false}}");
        rig.await("it is gone", () -> !rig.isThere("snapshot/case"));
        assertThat(pins()).doesNotContain("snapshot-case", "snapshot-case.hold");
    }

    @Test
    void momentIsWrittenAsOneFile() throws Exception {
        rig.apply(snapshot("file", "export: true"));
        awaitKept("file");

        String location = rig.field("snapshot/file", ".status.export");
        assertThat(location).endsWith("/exports/" + rig.clusterId() + "/file.trv");
        String path = location.substring(store.location().length() + 1);
        Path file = directory.resolve("file.trv");
        Files.copy(store.read(path), file);
        try (Store packed = Stores.open(file.toString());
                Recording recording = Recording.open(packed, rig.clusterId(), RecordingOptions.defaults())) {
            assertThat(recording.types(recording.end())).contains(CONFIG_MAPS);
        }
    }

    @Test
    void momentBeforeTheRecordingIsRefusedWithAReason() throws Exception {
        rig.apply(snapshot("early", "time: \"2020-01-31T14:00:00Z\""));

        rig.awaitField("snapshot/early", "default", ".status.conditions[0].reason", "NotRecorded");
    }

    @Test
    void snapshotOfNoRecordingSaysSo() throws Exception {
        rig.apply(snapshot("orphan", "reason: none").replace("recording: snap", "recording: prod"));

        rig.awaitField("snapshot/orphan", "default", ".status.conditions[0].reason", "RecordingNotFound");
    }

    @Test
    void policyMasksInItsNamespaceAndExcludedResourcesAreGaps() throws Exception {
        rig.everywhere()
                .output(
                        "create",
                        "configmap",
                        "money",
                        "--namespace=default",
                        "--from-literal=iban=DE02120300000000202051");
        rig.kubectl().output("create", "configmap", "money", "--from-literal=iban=DE02120300000000202051");

        rig.await(
                "both are recorded",
                () -> !body("default").isEmpty()
                        && !body(RunningOperator.NAMESPACE).isEmpty());
        assertThat(body("default")).contains("iban").doesNotContain("DE02120300000000202051");
        assertThat(body(RunningOperator.NAMESPACE)).contains("DE02120300000000202051");
        try (Recording recording = open()) {
            ResourceType leases = new ResourceType("coordination.k8s.io", "leases");
            assertThat(recording.coverage(leases, Long.MIN_VALUE, Long.MAX_VALUE))
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.observed()).isFalse())
                    .anySatisfy(each -> assertThat(each.reason()).isEqualTo(RecordingRules.LEFT_OUT));
            assertThat(recording.types(recording.end())).doesNotContain(leases);
        }
    }

    @Test
    void pastIsServedToWhoMayReadItByTheServerThatIsDeployed() throws Exception {
        Kubectl admin = rig.everywhere().with("--namespace", "default");
        admin.output("create", "configmap", "seen");
        admin.output("create", "serviceaccount", "reader");
        admin.output("create", "role", "reader", "--verb=get,list", "--resource=configmaps");
        admin.output("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:reader");
        String token = admin.output("create", "token", "reader", "--audience=traversion")
                .strip();
        rig.await("it is recorded", () -> isRecorded("seen"));

        Path folder = Files.createDirectory(directory.resolve("rewind"));
        try (DeployedPod rewind = DeployedPod.rewind(rig, "snap", folder)) {
            Kubectl past = new Kubectl(admin.program(), Files.createFile(directory.resolve("no-kubeconfig")))
                    .with(
                            "--server=https://127.0.0.1:" + rewind.port() + "/clusters/" + rig.clusterId() + "/at/now",
                            "--insecure-skip-tls-verify",
                            "--token=" + token,
                            "--namespace=default");

            assertThat(past.output("get", "configmaps", "-o", "name")).contains("configmap/seen");
            assertThat(past.run("get", "pods").err()).contains("forbidden");
        }
    }

    private static boolean isRecorded(String name) throws Exception {
        try (Recording recording = open()) {
            return recording
                    .get(new ObjectKey(CONFIG_MAPS, "default", name), recording.end())
                    .isPresent();
        }
    }

    private static Recording open() throws Exception {
        return Recording.open(store, rig.clusterId(), RecordingOptions.defaults());
    }

    private static String body(String namespace) throws Exception {
        try (Recording recording = open()) {
            return recording
                    .get(new ObjectKey(CONFIG_MAPS, namespace, "money"), recording.end())
                    .map(version -> new String(version.body(), StandardCharsets.UTF_8))
                    .orElse("");
        }
    }

    private static List<String> pins() throws Exception {
        return new Pins(store, new Layout(rig.clusterId()))
                .all().stream().map(Pin::name).toList();
    }

    private static void awaitKept(String name) throws Exception {
        rig.awaitField("snapshot/" + name, "default", ".status.conditions[?(@.type==\"Ready\")].reason", "Kept");
    }

    private static String snapshot(String name, String more) {
        return """
                apiVersion: traversion.dev/v1alpha1
                kind: Snapshot
                metadata: {name: %s}
                spec:
                  recording: snap
                  %s
                """.formatted(name, more);
    }
}
