/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Namespace;
import dev.traversion.e2e.cluster.ObjectStore;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.cluster.UsesObjectStore;
import dev.traversion.e2e.plugin.Plugin.Result;
import dev.traversion.e2e.plugin.Plugin.Running;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.RemoveBucketArgs;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** record on a real cluster. */
@UsesCluster
@UsesObjectStore
@Tag("plugin")
class RecordIT {

    private static final String COMPLETE = "first lists complete";

    @TempDir
    private Path directory;

    private String to;
    private Plugin plugin;

    @BeforeEach
    void prepare(Cluster cluster) {
        to = directory.resolve("prod").toString();
        plugin = new Plugin(directory, cluster.kubectl().program(), cluster.kubeconfig());
    }

    @AfterEach
    void end() throws Exception {
        plugin.close();
    }

    @Test
    void isReadWhileItGoesOnAndSealedByCtrlC(Namespace namespace) throws Exception {
        try (Running record = plugin.start("record", "--to", to)) {
            record.awaitText(COMPLETE);
            namespace.kubectl().output("create", "configmap", "plan", "--from-literal=step=one");
            awaitRecorded(namespace, "plan");
            namespace.kubectl().output("patch", "configmap", "plan", "-p", "{\"data\":{\"step\":\"two\"}}");
            Thread.sleep(Duration.ofSeconds(2));
            assertThat(step(namespace, "now")).isEqualTo("two");
            assertThat(step(namespace, "cm/plan~1")).isEqualTo("one");
            assertThat(plugin.run("status", "--check").succeeds().out())
                    .contains("is being recorded")
                    .containsPattern("configmaps +observed +\\d+s +\\d+s +\\d+\\.\\d% +0\n")
                    .doesNotContainPattern(" gap ");

            Result recorded = record.signal("INT").await().succeeds();
            assertThat(recorded.out()).startsWith("Recorded 20").contains("Try: kubectl traversion at now");
            assertThat(recorded.err()).contains("Sealing");
        }
        Result pods = plugin.run("at", "now", "get", "pods", "-A").succeeds();
        assertThat(pods.err()).contains("complete").doesNotContain("incomplete");
        Result status = plugin.run("status", "--check");
        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out()).contains("nobody is recording").containsPattern("configmaps +stopped ");
    }

    @Test
    void aSecondCtrlCAbortsTheSealingAndLosesNothing(Namespace namespace) throws Exception {
        namespace.kubectl().output("create", "configmap", "plan", "--from-literal=step=one");
        try (Running record = plugin.start("record", "--to", to)) {
            record.awaitText(COMPLETE);
            // What was recorded is written within a fraction of a second.
            awaitRecorded(namespace, "plan");
            record.signal("INT").awaitText("Sealing");
            Result aborted = record.signal("INT").await();
            assertThat(aborted.status()).as(aborted.err()).isIn(0, 130);
        }
        plugin.close();

        assertThat(step(namespace, "now")).isEqualTo("one");
        assertThat(plugin.run("record", "--to", to, "--duration", "3s")
                        .succeeds()
                        .err())
                .contains("continuing");
        assertThat(step(namespace, "now")).isEqualTo("one");
    }

    @Test
    void goesOnWithARecordingAfterAKillThatToreItsLog(Namespace namespace) throws Exception {
        try (Running record = plugin.start("record", "--to", to)) {
            record.awaitText(COMPLETE);
            namespace.kubectl().output("create", "configmap", "plan", "--from-literal=step=one");
            awaitRecorded(namespace, "plan");
            record.signal("KILL").process().waitFor();
        }
        plugin.close();
        try (Stream<Path> files = Files.walk(Path.of(to));
                RandomAccessFile log = new RandomAccessFile(
                        files.filter(file -> file.toString().endsWith(".twal"))
                                .max(Path::compareTo)
                                .orElseThrow()
                                .toFile(),
                        "rw")) {
            log.setLength(log.length() - 5);
        }
        String before = Instant.now().toString();
        assertThat(step(namespace, "now")).isEqualTo("one");

        Result again = plugin.run("record", "--to", to, "--duration", "5s").succeeds();

        assertThat(again.err()).contains("continuing");
        assertThat(step(namespace, "now")).isEqualTo("one");
        plugin.run("at", before, "get", "configmaps", "-A").succeeds();
        assertThat(plugin.run("at", before, "get", "configmaps", "-A").err())
                .as("nobody was looking then")
                .contains("incomplete: configmaps was not observed from");
    }

    @Test
    void whatIsForbiddenIsAGapWithItsReasonAndTheRestGoesOn(Cluster cluster, Namespace namespace) throws Exception {
        namespace.kubectl().output("create", "configmap", "plan", "--from-literal=step=one");
        try (Reader reader = Reader.of(cluster, namespace, directory, "configmaps,namespaces")) {
            plugin.with("KUBECONFIG", reader.kubeconfig().toString());
            Result record = plugin.run("record", "--to", to, "--duration", "8s").succeeds();

            assertThat(record.err()).contains("gap: secrets is not observed: ", "forbidden");
            assertThat(step(namespace, "now")).isEqualTo("one");
            Result secrets = plugin.run("at", "now", "get", "secrets", "-A");
            assertThat(secrets.err()).contains("incomplete: secrets was never recorded: ", "forbidden");
        }
    }

    @Test
    void whoMayNotEvenKnowTheClusterIsToldWhatToAskFor(Cluster cluster, Namespace namespace) throws Exception {
        try (Reader reader = Reader.of(cluster, namespace, directory, "configmaps")) {
            plugin.with("KUBECONFIG", reader.kubeconfig().toString());
            plugin.run("record", "--to", to).failsWith("Not allowed to read the namespace kube-system");
        }
        assertThat(Path.of(to)).as("nothing was written").doesNotExist();
    }

    @Test
    void recordsIntoS3(ObjectStore server, Namespace namespace) throws Exception {
        namespace.kubectl().output("create", "configmap", "plan", "--from-literal=step=one");
        String bucket = "record-it-" + UUID.randomUUID();
        Map<String, String> environment = Map.of(
                "AWS_ENDPOINT_URL", server.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", server.accessKey(),
                "AWS_SECRET_ACCESS_KEY", server.secretKey());
        environment.forEach(plugin::with);
        MinioClient admin = MinioClient.builder()
                .endpoint(server.endpoint().toString())
                .credentials(server.accessKey(), server.secretKey())
                .build();
        try {
            admin.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
            to = "s3://" + bucket + "/prod";
            plugin.run("record", "--to", to, "--duration", "8s").succeeds();
            assertThat(step(namespace, "now")).isEqualTo("one");

            plugin.close();
            plugin.with("AWS_SECRET_ACCESS_KEY", "wrong");
            plugin.run("at", "--from", to, "now", "get", "cm").failsWith("does not accept these S3 keys");
            plugin.run("record", "--to", to, "--duration", "8s").failsWith("does not accept these S3 keys");
            plugin.with("AWS_SECRET_ACCESS_KEY", server.secretKey());
            plugin.run("record", "--to", "s3://" + bucket + "-none/x", "--duration", "8s")
                    .failsWith("There is no bucket " + bucket + "-none");
            plugin.with("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
            plugin.run("record", "--to", to, "--duration", "8s").failsWith("127.0.0.1:1");

        } finally {
            try (Store store = Stores.open("s3://" + bucket, environment)) {
                for (StoredFile file : store.list("")) {
                    store.delete(file.path());
                }
            }
            admin.removeBucket(RemoveBucketArgs.builder().bucket(bucket).build());
            admin.close();
        }
    }

    private String step(Namespace namespace, String time) throws Exception {
        return plugin.run(
                        "at",
                        "--from",
                        to,
                        "-n",
                        namespace.name(),
                        time,
                        "get",
                        "cm",
                        "plan",
                        "-o",
                        "jsonpath={.data.step}")
                .succeeds()
                .out();
    }

    private void awaitRecorded(Namespace namespace, String name) throws Exception {
        long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (plugin.run("at", "--from", to, "-n", namespace.name(), "now", "get", "cm", name)
                        .status()
                != 0) {
            assertThat(System.nanoTime() - limit).isNegative();
        }
    }
}
