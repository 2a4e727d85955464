/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.Namespace;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.recording.Waiting;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a platform team does, on a real kubelet: installs what is in config/ with the images that were built here, applies a Recording
 * that writes to a MinIO in the cluster, goes back through the server there, upgrades, and deletes.
 */
@Tag("operator")
@UsesCluster(images = true)
class InClusterIT {

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final String CONFIGURATION = "config/local";
    private static final String SYSTEM = "traversion-system";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private static Path directory;

    private static Kubectl kubectl;
    private static Kubectl system;

    @BeforeAll
    static void install(Cluster cluster, Namespace namespace) throws Exception {
        Assumptions.assumeTrue(cluster.isLocal(), "The images built here can be given to the local cluster only");
        Path images = directory.resolve("images.tar");
        run("bash", ROOT.resolve("operator/image/assemble.sh").toString(), images.toString());
        cluster.load(images);
        Files.delete(images);
        kubectl = cluster.kubectl();
        system = kubectl.with("--namespace", SYSTEM);
        kubectl.output(
                "apply", "--server-side", "-k", ROOT.resolve(CONFIGURATION).toString());
        minio(namespace);
        system.output(
                "create",
                "secret",
                "generic",
                "bucket",
                "--from-literal=AWS_ACCESS_KEY_ID=minio",
                "--from-literal=AWS_SECRET_ACCESS_KEY=minio-secret");
        system.output("rollout", "status", "deployment/traversion-operator", "--timeout=170s");
        kubectl.apply("""
                apiVersion: traversion.dev/v1alpha1
                kind: Recording
                metadata: {name: prod}
                spec:
                  store:
                    s3: {endpoint: "http://minio.%s.svc:9000", plainHttp: true, bucket: recordings, credentialsSecret: bucket}
                  recorder: {replicas: 2}
                """.formatted(namespace.name()));
        kubectl.output("wait", "recording/prod", "--for=condition=Ready", "--timeout=170s");
    }

    @AfterAll
    static void uninstall() throws Exception {
        if (system == null) {
            return;
        }
        kubectl.run("delete", "recording", "--all", "--timeout=120s");
        kubectl.run("delete", "-k", ROOT.resolve(CONFIGURATION).toString(), "--ignore-not-found", "--timeout=170s");
    }

    @Test
    void goesBackThroughTheServerInTheClusterAlsoToWhileRecordersWereReplaced(Namespace namespace) throws Exception {
        Kubectl shop = namespace.kubectl();
        shop.output("create", "configmap", "plan", "--from-literal=version=1");
        String before = moment();
        system.output("rollout", "restart", "statefulset/prod-recorder");
        Thread.sleep(2_000);
        shop.output("patch", "configmap", "plan", "--type=merge", "-p", "{\"data\":{\"version\":\"2\"}}");
        String during = moment();
        system.output("rollout", "status", "statefulset/prod-recorder", "--timeout=170s");
        Path kubeconfig = Files.copy(
                kubectl.kubeconfig(), directory.resolve("person.kubeconfig"), StandardCopyOption.REPLACE_EXISTING);
        Kubectl person = new Kubectl(kubectl.program(), kubeconfig).with("--namespace", namespace.name());
        try (Plugin plugin =
                new Plugin(Files.createDirectory(directory.resolve("plugin")), kubectl.program(), kubeconfig)) {
            Waiting.until(PATIENCE, "everything is observed again, the change included", () -> {
                plugin.run("rewind", "now").succeeds();
                Completed now = person.run("get", "configmap", "plan", "-o", "jsonpath={.data.version}");
                return now.out().equals("2") && now.err().isEmpty();
            });
            shop.output("delete", "configmap", "plan");
            String gone = moment();
            Waiting.until(
                    PATIENCE,
                    "the latest moment is recorded",
                    () -> plugin.run("rewind", gone).status() == 0);
            assertThat(person.run("get", "configmap", "plan").err()).contains("not found");
            plugin.run("rewind", before).succeeds();
            assertThat(person.output("get", "configmap", "plan", "-o", "jsonpath={.data.version}"))
                    .isEqualTo("1");
            // Nobody watched for some seconds: then it is there a little later, and the answer says so.
            plugin.run("rewind", during).succeeds();
            Completed meanwhile = person.run("get", "configmap", "plan", "-o", "jsonpath={.data.version}");
            assertThat(meanwhile.out().equals("2") || meanwhile.err().contains("was not observed"))
                    .as("%s", meanwhile)
                    .isTrue();
            plugin.run("rewind", "--live").succeeds();
            assertThat(Files.readString(kubeconfig)).doesNotContain("traversion.dev");
        }
        assertThat(kubectl.output("get", "recording/prod")).contains("prod", "True");
    }

    /** A moment at which what was done before has been seen, and what is done next has not been done. */
    private static String moment() throws Exception {
        Thread.sleep(1_000);
        String moment = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        Thread.sleep(100);
        return moment;
    }

    @SuppressWarnings("try") // that it may be interrupted while it closes
    private static void minio(Namespace namespace) throws Exception {
        namespace.kubectl().apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: minio, labels: {app: minio}}
                spec:
                  containers:
                  - name: minio
                    image: traversion.test/minio:1
                    args: [server, --quiet, --address, ":9000", /tmp/data]
                    env:
                    - {name: MINIO_ROOT_USER, value: minio}
                    - {name: MINIO_ROOT_PASSWORD, value: minio-secret}
                    readinessProbe: {httpGet: {path: /minio/health/ready, port: 9000}, periodSeconds: 1}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: minio}
                spec: {selector: {app: minio}, ports: [{port: 9000}]}
                """);
        namespace.kubectl().output("wait", "pod/minio", "--for=condition=Ready", "--timeout=170s");
        String address = namespace.kubectl().output("get", "pod/minio", "-o", "jsonpath={.status.podIP}");
        try (MinioClient admin = MinioClient.builder()
                .endpoint("http://" + address + ":9000")
                .credentials("minio", "minio-secret")
                .build()) {
            admin.makeBucket(MakeBucketArgs.builder().bucket("recordings").build());
        }
    }

    private static void run(String... command) throws Exception {
        Path log = directory.resolve("command.log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(log)).isZero();
    }
}
