/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.ObjectStore;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.cluster.UsesObjectStore;
import dev.traversion.e2e.recording.Waiting;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
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

    @TempDir
    private static Path state;

    private static ControlPlane plane;
    private static Kubectl kubectl;
    private static RunningOperator operator;

    @BeforeAll
    static void start(ControlPlane given) {
        plane = given;
        kubectl = plane.kubectl().with("--namespace", RunningOperator.NAMESPACE);
        Definitions.applyAll(plane.kubectl());
        operator = new RunningOperator(plane, state);
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @Test
    void recordingGetsItsWorkloads(ObjectStore store) throws Exception {
        apply(recording("whole", bucket(store), store, "  retention: {age: 14d}\n  recorder: {replicas: 2}\n"));
        credentials("whole", store);

        for (String dependent : DEPENDENTS) {
            awaitThere(dependent.formatted("whole"));
        }
        assertThat(owner("statefulset/whole-recorder")).isEqualTo("Recording/whole");
        assertThat(field("statefulset/whole-recorder", ".spec.replicas")).isEqualTo("2");
        assertThat(field("statefulset/whole-recorder", ".spec.template.spec.containers[0].args"))
                .contains("\"record\",\"--to\",\"s3://", "\"--share\"", "\"--keep\",\"14d\"");
        assertThat(field("clusterrolebinding/traversion-traversion-system-whole-recorder", ".roleRef.name"))
                .isEqualTo("traversion-recorder");
        assertThat(field("secret/whole-masking-key", ".data")).contains("masking.key");
        awaitCondition("whole", "StorageReachable", "True", "Written");
        awaitCondition("whole", "Recording", "False", "NoRecorder");
    }

    @Test
    void whatOthersChangeOrDeleteIsMadeAnew(ObjectStore store) throws Exception {
        apply(recording("drift", bucket(store), store, ""));
        awaitThere("statefulset/drift-recorder");
        awaitThere("networkpolicy/drift-recorder");

        kubectl.output("scale", "statefulset/drift-recorder", "--replicas=0");
        kubectl.output("delete", "networkpolicy/drift-recorder", "configmap/drift-rules");

        await("the recorder is back", () -> field("statefulset/drift-recorder", ".spec.replicas")
                .equals("1"));
        awaitThere("networkpolicy/drift-recorder");
        awaitThere("configmap/drift-rules");
    }

    @Test
    void pausedRecordingHasNoRecorderAndSaysSo(ObjectStore store) throws Exception {
        apply(recording("pause", bucket(store), store, ""));
        awaitThere("statefulset/pause-recorder");

        kubectl.output("patch", "recording/pause", "--type=merge", "-p", "{\"spec\":{\"paused\":true}}");

        await("no recorder", () -> field("statefulset/pause-recorder", ".spec.replicas")
                .equals("0"));
        awaitCondition("pause", "Recording", "False", "Paused");
        assertThat(field("deployment/pause-rewind", ".spec.replicas")).isEqualTo("1");
    }

    @Test
    void policyTightensAndStartsTheRecordersAnew(ObjectStore store) throws Exception {
        apply(recording("policies", bucket(store), store, ""));
        awaitThere("statefulset/policies-recorder");
        String before = field("statefulset/policies-recorder", ".spec.template.metadata.annotations");

        apply(policy("customers", "policies", "iban"));
        await("its words are in force", () -> field("configmap/policies-rules", ".data")
                .contains("iban"));

        assertThat(field("configmap/policies-rules", ".data")).contains("default");
        assertThat(field("statefulset/policies-recorder", ".spec.template.metadata.annotations"))
                .isNotEqualTo(before);
        awaitField("recordingpolicy/customers", "default", ".status.conditions[0].reason", "Accepted");

        plane.kubectl().output("delete", "recordingpolicy/customers");
        await("they are gone with it", () -> !field("configmap/policies-rules", ".data")
                .contains("iban"));
    }

    @Test
    void policyThatCannotBeInForceSaysWhy() throws Exception {
        apply(policy("structure", "none", "name"));
        apply(policy("nowhere", "none", "iban"));

        awaitField("recordingpolicy/structure", "default", ".status.conditions[0].reason", "Conflict");
        awaitField("recordingpolicy/nowhere", "default", ".status.conditions[0].reason", "RecordingNotFound");
    }

    @Test
    void storeThatCannotBeWrittenIsAConditionAndAnEventUntilItCan(ObjectStore store) throws Exception {
        apply(recording("broken", bucket(store), store, ""));

        awaitCondition("broken", "StorageReachable", "False", "CredentialsMissing");
        awaitCondition("broken", "Degraded", "True", "CredentialsMissing");
        await("an Event", () -> events("broken").contains("kubectl -n traversion-system create secret generic broken"));
        await("a metric", () -> metric("broken", "StorageReachable") == 0);

        credentials("broken", store);
        awaitCondition("broken", "StorageReachable", "True", "Written");
        await("a metric", () -> metric("broken", "StorageReachable") == 1);
    }

    @Test
    void bucketThatIsNotThereIsNamed(ObjectStore store) throws Exception {
        credentials("nobucket", store);
        apply(recording("nobucket", "not-there-" + UUID.randomUUID(), store, ""));

        awaitCondition("nobucket", "StorageReachable", "False", "StoreRefuses");
        assertThat(condition("nobucket", "StorageReachable").path("message").asText())
                .contains("not-there-");
    }

    @Test
    void deletedRecordingLeavesItsDataAndItsKey(ObjectStore server) throws Exception {
        String bucket = bucket(server);
        apply(recording("kept", bucket, server, ""));
        credentials("kept", server);
        awaitCondition("kept", "StorageReachable", "True", "Written");
        try (Store store = open(server, bucket)) {
            new Layout(clusterId()).create(store);

            kubectl.output("delete", "recording/kept", "--timeout=60s");

            assertThat(store.list("clusters/")).isNotEmpty();
        }
        assertThat(isThere("secret/kept-masking-key")).isTrue();
        assertThat(isThere("statefulset/kept-recorder")).isFalse();
        assertThat(isThere("clusterrolebinding/traversion-traversion-system-kept-recorder"))
                .isFalse();
    }

    @Test
    void dataIsDeletedIfAskedForAndNoLegalHoldForbidsIt(ObjectStore server) throws Exception {
        String bucket = bucket(server);
        apply(recording("forgotten", bucket, server, "  deletionPolicy: Delete\n"));
        credentials("forgotten", server);
        awaitCondition("forgotten", "StorageReachable", "True", "Written");
        try (Store store = open(server, bucket)) {
            Layout layout = new Layout(clusterId());
            layout.create(store);
            Pins pins = new Pins(store, layout);
            pins.add(new Pin("case-7", 1, 2, "court order", "2026-01-31T00:00:00Z", true));

            kubectl.output("delete", "recording/forgotten", "--wait=false");
            await("the hold is named", () -> events("forgotten").contains("legal holds forbid it (case-7)"));
            assertThat(store.list("clusters/")).isNotEmpty();

            pins.remove("case-7");
            await("it is gone", () -> !isThere("recording/forgotten"));
            assertThat(store.list("clusters/")).isEmpty();
        }
        assertThat(isThere("secret/forgotten-masking-key")).isFalse();
    }

    private static String recording(String name, String bucket, ObjectStore store, String more) {
        return """
                apiVersion: traversion.dev/v1alpha1
                kind: Recording
                metadata: {name: %s}
                spec:
                  store:
                    s3: {endpoint: "%s", plainHttp: true, bucket: %s, credentialsSecret: %s}
                %s""".formatted(name, store.endpoint(), bucket, name, more);
    }

    private static String policy(String name, String recording, String word) {
        return """
                apiVersion: traversion.dev/v1alpha1
                kind: RecordingPolicy
                metadata: {name: %s, namespace: default}
                spec: {recording: %s, masking: {names: [%s]}}
                """.formatted(name, recording, word);
    }

    private static void apply(String manifest) {
        plane.kubectl().apply(manifest);
    }

    private static void credentials(String name, ObjectStore store) {
        kubectl.output(
                "create",
                "secret",
                "generic",
                name,
                "--from-literal=AWS_ACCESS_KEY_ID=" + store.accessKey(),
                "--from-literal=AWS_SECRET_ACCESS_KEY=" + store.secretKey());
    }

    @SuppressWarnings("try") // that it may be interrupted while it closes
    private static String bucket(ObjectStore store) throws Exception {
        String bucket = "operator-it-" + UUID.randomUUID();
        try (MinioClient admin = MinioClient.builder()
                .endpoint(store.endpoint().toString())
                .credentials(store.accessKey(), store.secretKey())
                .build()) {
            admin.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        }
        return bucket;
    }

    private static Store open(ObjectStore server, String bucket) {
        return Stores.open(
                "s3://" + bucket,
                Map.of(
                        "AWS_ENDPOINT_URL",
                        server.endpoint().toString(),
                        "AWS_ACCESS_KEY_ID",
                        server.accessKey(),
                        "AWS_SECRET_ACCESS_KEY",
                        server.secretKey()));
    }

    private static String clusterId() {
        return kubectl.output("get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}");
    }

    private static boolean isThere(String object) {
        return kubectl.run("get", object).status() == 0;
    }

    private static String field(String object, String path) {
        return kubectl.output("get", object, "-o", "jsonpath={" + path + "}");
    }

    private static String owner(String object) {
        return field(object, ".metadata.ownerReferences[0].kind") + "/"
                + field(object, ".metadata.ownerReferences[0].name");
    }

    private static JsonNode condition(String recording, String type) throws Exception {
        JsonNode all = JSON.readTree(kubectl.output("get", "recording/" + recording, "-o", "json"))
                .path("status")
                .path("conditions");
        for (JsonNode each : all) {
            if (each.path("type").asText().equals(type)) {
                return each;
            }
        }
        return JSON.nullNode();
    }

    private static String events(String name) {
        return plane.kubectl()
                .output(
                        "get",
                        "events",
                        "--namespace=default",
                        "--field-selector=involvedObject.name=" + name,
                        "-o",
                        "jsonpath={.items[*].message}");
    }

    private static double metric(String name, String condition) {
        for (MetricSnapshot metric : operator.registry().scrape(each -> each.equals("traversion_condition"))) {
            for (GaugeSnapshot.GaugeDataPointSnapshot point : ((GaugeSnapshot) metric).getDataPoints()) {
                if (name.equals(point.getLabels().get("name"))
                        && condition.equals(point.getLabels().get("type"))) {
                    return point.getValue();
                }
            }
        }
        return Double.NaN;
    }

    private static void await(String what, Waiting.Condition condition) throws Exception {
        Waiting.until(PATIENCE, what, condition);
    }

    private static void awaitThere(String object) throws Exception {
        await(object + " is there", () -> isThere(object));
    }

    private static void awaitField(String object, String namespace, String path, String value) throws Exception {
        await(path + " of " + object + " is " + value, () -> plane.kubectl()
                .output("get", "--namespace", namespace, object, "-o", "jsonpath={" + path + "}")
                .equals(value));
    }

    private static void awaitCondition(String recording, String type, String status, String reason) throws Exception {
        await(type + " of " + recording + " is " + status + " because of " + reason, () -> {
            JsonNode found = condition(recording, type);
            return found.path("status").asText().equals(status)
                    && found.path("reason").asText().equals(reason);
        });
    }
}
