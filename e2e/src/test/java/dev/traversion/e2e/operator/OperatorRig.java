/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.ObjectStore;
import dev.traversion.e2e.recording.Waiting;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** A control plane with everything that is shipped in config/ applied, the running operator, and how to ask about both. */
final class OperatorRig implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ControlPlane plane;
    private final Kubectl kubectl;
    private final RunningOperator operator;

    OperatorRig(ControlPlane plane, Path state) {
        this.plane = plane;
        this.kubectl = plane.kubectl().with("--namespace", RunningOperator.NAMESPACE);
        Definitions.applyAll(plane.kubectl());
        this.operator = new RunningOperator(plane, state);
    }

    /** In the operator's namespace. */
    Kubectl kubectl() {
        return kubectl;
    }

    /** In no namespace. */
    Kubectl everywhere() {
        return plane.kubectl();
    }

    ControlPlane plane() {
        return plane;
    }

    @Override
    public void close() {
        operator.close();
    }

    static String recording(String name, String bucket, ObjectStore store, String more) {
        return """
                apiVersion: traversion.dev/v1alpha1
                kind: Recording
                metadata: {name: %s}
                spec:
                  store:
                    s3: {endpoint: "%s", plainHttp: true, bucket: %s, credentialsSecret: %s}
                %s""".formatted(name, store.endpoint(), bucket, name, more);
    }

    static String policy(String name, String recording, String word) {
        return """
                apiVersion: traversion.dev/v1alpha1
                kind: RecordingPolicy
                metadata: {name: %s, namespace: default}
                spec: {recording: %s, masking: {names: [%s]}}
                """.formatted(name, recording, word);
    }

    void apply(String manifest) {
        plane.kubectl().apply(manifest);
    }

    void credentials(String name, ObjectStore store) {
        kubectl.output(
                "create",
                "secret",
                "generic",
                name,
                "--from-literal=AWS_ACCESS_KEY_ID=" + store.accessKey(),
                "--from-literal=AWS_SECRET_ACCESS_KEY=" + store.secretKey());
    }

    @SuppressWarnings("try") // that it may be interrupted while it closes
    static String bucket(ObjectStore store) throws Exception {
        String bucket = "operator-it-" + UUID.randomUUID();
        try (MinioClient admin = MinioClient.builder()
                .endpoint(store.endpoint().toString())
                .credentials(store.accessKey(), store.secretKey())
                .build()) {
            admin.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        }
        return bucket;
    }

    static Store open(ObjectStore server, String bucket) {
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

    String clusterId() {
        return kubectl.output("get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}");
    }

    boolean isThere(String object) {
        return kubectl.run("get", object).status() == 0;
    }

    String field(String object, String path) {
        return kubectl.output("get", object, "-o", "jsonpath={" + path + "}");
    }

    String owner(String object) {
        return field(object, ".metadata.ownerReferences[0].kind") + "/"
                + field(object, ".metadata.ownerReferences[0].name");
    }

    JsonNode condition(String recording, String type) throws Exception {
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

    String events(String name) {
        return plane.kubectl()
                .output(
                        "get",
                        "events",
                        "--namespace=default",
                        "--field-selector=involvedObject.name=" + name,
                        "-o",
                        "jsonpath={.items[*].message}");
    }

    double metric(String name, String condition) {
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

    void await(String what, Waiting.Condition condition) throws Exception {
        Waiting.until(PATIENCE, what, condition);
    }

    void awaitThere(String object) throws Exception {
        await(object + " is there", () -> isThere(object));
    }

    void awaitField(String object, String namespace, String path, String value) throws Exception {
        await(path + " of " + object + " is " + value, () -> plane.kubectl()
                .output("get", "--namespace", namespace, object, "-o", "jsonpath={" + path + "}")
                .equals(value));
    }

    void awaitCondition(String recording, String type, String status, String reason) throws Exception {
        await(type + " of " + recording + " is " + status + " because of " + reason, () -> {
            JsonNode found = condition(recording, type);
            return found.path("status").asText().equals(status)
                    && found.path("reason").asText().equals(reason);
        });
    }
}
