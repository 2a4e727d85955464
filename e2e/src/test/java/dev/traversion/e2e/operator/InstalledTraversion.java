/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.faults.LoopMount;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.recording.Waiting;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.Result;
import io.minio.messages.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Traversion on a real kubelet, from what is in config/ and the images that were built here: the operator, a MinIO in the cluster, and a
 * Recording of the cluster that writes to it.
 */
final class InstalledTraversion implements AutoCloseable {

    static final String SYSTEM = "traversion-system";

    /** What the Recording of the whole class has beside its store. */
    static final String SPEC =
            "  recorder: {replicas: 2}\n  nodes: {events: [processes, kills, connections, disks, dns]}\n";

    /** Of what takes seconds on a quiet machine: Pods that failed wait longer each time before they start again. */
    static final Duration PATIENCE = Duration.ofMinutes(6);

    /** The same, for kubectl. */
    static final String TIMEOUT = "--timeout=350s";

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final String CONFIGURATION = ROOT.resolve("config/local").toString();
    private static final int DISK_MEBIBYTES = 256;
    private static final String BUCKET = "recordings";
    private static final String USER = "minio";
    private static final String PASSWORD = "minio-secret";

    private final Cluster cluster;
    private final String namespace;
    private final Path directory;
    private final String built;
    private final WriteGuard guard = new WriteGuard();
    private final LoopMount disk;
    private String installed;
    private int people;

    /** @param namespace where the object store runs */
    InstalledTraversion(Cluster cluster, String namespace, Path directory) throws Exception {
        this.cluster = cluster;
        this.namespace = namespace;
        this.directory = directory;
        Path images = directory.resolve("images.tar");
        run("bash", ROOT.resolve("operator/image/assemble.sh").toString(), images.toString());
        cluster.load(images);
        this.built = kubectl()
                .output("kustomize", CONFIGURATION)
                .lines()
                .filter(line -> line.contains("image: traversion.test/traversion-operator:"))
                .map(line -> line.substring(line.lastIndexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
        install(built);
        disk = new LoopMount(directory.resolve("bucket.image"), directory.resolve("bucket"), DISK_MEBIBYTES);
        minio();
        keys(PASSWORD);
        system().output("rollout", "status", "deployment/traversion-operator", TIMEOUT);
        record("prod", SPEC);
        kubectl().output("wait", "recording/prod", "--for=condition=Ready", TIMEOUT);
    }

    Kubectl kubectl() {
        return cluster.kubectl();
    }

    Kubectl system() {
        return kubectl().with("--namespace", SYSTEM);
    }

    /** What config/ installs, with the images of a version. */
    private void install(String version) {
        String manifests = kubectl().output("kustomize", CONFIGURATION);
        if (!version.equals(built)) {
            manifests = manifests.replace(":" + built, ":" + version);
        }
        assertThat(kubectl().runWithInput(manifests, "apply", "--server-side", "-f", "-"))
                .satisfies(applied ->
                        assertThat(applied.status()).as(applied.err()).isZero());
        installed = version;
    }

    /** Upgrades to the same programs under another version, and waits until all of it runs. */
    void upgrade() throws Exception {
        String next = installed.equals(built) ? "next" : built;
        for (String image : List.of("traversion", "traversion-operator", "traversion-agent")) {
            String name = "traversion.test/" + image + ":";
            cluster.tag(name + built, name + next);
        }
        install(next);
        system().output("rollout", "status", "deployment/traversion-operator", TIMEOUT);
        Waiting.until(
                PATIENCE,
                "the workloads are to run version " + next,
                () -> List.of("statefulset/prod-recorder", "deployment/prod-rewind", "daemonset/prod-agent").stream()
                        .allMatch(each -> system().output(
                                        "get", each, "-o", "jsonpath={.spec.template.spec.containers[0].image}")
                                .endsWith(":" + next)));
        settle();
    }

    /** Waits until recorders and servers are what they are to be. */
    void settle() {
        system().output("rollout", "status", "statefulset/prod-recorder", TIMEOUT);
        system().output("rollout", "status", "deployment/prod-rewind", TIMEOUT);
        system().output("rollout", "status", "daemonset/prod-agent", TIMEOUT);
        kubectl().output("wait", "recording/prod", "--for=condition=Ready", TIMEOUT);
    }

    /** @param more lines of the spec */
    void record(String name, String more) {
        kubectl().apply("""
                apiVersion: traversion.dev/v1alpha1
                kind: Recording
                metadata: {name: %s}
                spec:
                  store:
                    s3: {endpoint: "http://minio.%s.svc:9000", plainHttp: true, bucket: %s, prefix: %1$s, credentialsSecret: bucket}
                %s""".formatted(name, namespace, BUCKET, more));
    }

    /** Gives operator, recorders and servers the keys of the bucket. */
    void rightKeys() {
        keys(PASSWORD);
    }

    void wrongKeys() {
        keys("not-the-secret");
    }

    private void keys(String password) {
        system().apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: bucket}
                stringData: {AWS_ACCESS_KEY_ID: %s, AWS_SECRET_ACCESS_KEY: %s}
                """.formatted(USER, password));
    }

    /** Takes the object store off the network, or puts it back. */
    void reachable(boolean reachable) {
        String app = reachable ? "minio" : "nothing";
        kubectl()
                .output(
                        "patch",
                        "service",
                        "minio",
                        "-n",
                        namespace,
                        "-p",
                        "{\"spec\":{\"selector\":{\"app\":\"" + app + "\"}}}");
    }

    @SuppressWarnings("try") // that it may be interrupted while it closes
    private void minio() throws Exception {
        Kubectl place = kubectl().with("--namespace", namespace);
        place.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: minio, labels: {app: minio}}
                spec:
                  containers:
                  - name: minio
                    image: traversion.test/minio:1
                    args: [server, --quiet, --address, ":9000", /data/minio]
                    env:
                    - {name: MINIO_ROOT_USER, value: %s}
                    - {name: MINIO_ROOT_PASSWORD, value: %s}
                    - {name: MINIO_POLICY_PLUGIN_URL, value: "http://%s:%d/"}
                    volumeMounts: [{name: data, mountPath: /data}]
                    readinessProbe: {httpGet: {path: /minio/health/ready, port: 9000}, periodSeconds: 1}
                  volumes: [{name: data, hostPath: {path: %s}}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: minio}
                spec: {selector: {app: minio}, ports: [{port: 9000}]}
                """.formatted(USER, PASSWORD, node(), guard.port(), directory.resolve("bucket")));
        place.output("wait", "pod/minio", "--for=condition=Ready", TIMEOUT);
        try (MinioClient admin = store()) {
            admin.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
        }
    }

    /** The address of the only node, which is this machine. */
    private String node() {
        return kubectl()
                .output(
                        "get",
                        "nodes",
                        "-o",
                        "jsonpath={.items[0].status.addresses[?(@.type==\"InternalIP\")].address}");
    }

    /** Takes all the room that the bucket has; to be deleted. */
    Path fill() throws IOException {
        return disk.fill();
    }

    /** Whether the policy of the store lets anybody put objects. */
    void writable(boolean isWritable) {
        guard.allow(isWritable);
    }

    private MinioClient store() {
        return MinioClient.builder()
                .endpoint(endpoint())
                .credentials(USER, PASSWORD)
                .build();
    }

    /** How many objects the bucket has of a Recording. */
    @SuppressWarnings("try") // that it may be interrupted while it closes
    long objects(String recording) throws Exception {
        try (MinioClient admin = store()) {
            long count = 0;
            for (Result<Item> object : admin.listObjects(ListObjectsArgs.builder()
                    .bucket(BUCKET)
                    .prefix(recording + "/")
                    .recursive(true)
                    .build())) {
                object.get();
                count++;
            }
            return count;
        }
    }

    /** {@code True Reason} of a condition; {@code ""} if there is none. */
    String condition(String object, String type) {
        return kubectl()
                .output(
                        "get",
                        object,
                        "-o",
                        "jsonpath={range .status.conditions[?(@.type==\"" + type + "\")]}{.status} {.reason}{end}");
    }

    /** The messages of the Events of some reason about an object that is in no namespace. */
    String events(String reason) {
        return kubectl()
                .output(
                        "get",
                        "events",
                        "-A",
                        "--field-selector",
                        "reason=" + reason,
                        "-o",
                        "jsonpath={.items[*].message}");
    }

    /** The administrator's plugin, which changes a kubeconfig of its own. */
    Plugin administrator() throws Exception {
        Path kubeconfig = Files.copy(
                kubectl().kubeconfig(),
                directory.resolve("administrator.kubeconfig"),
                StandardCopyOption.REPLACE_EXISTING);
        return plugin(kubeconfig);
    }

    /** The plugin of a service account, with nothing but its token and what everybody needs to reach the server. */
    Plugin account(String account, String in) throws Exception {
        String token = kubectl().output("create", "token", account, "-n", in).strip();
        Path kubeconfig = Files.copy(
                kubectl().kubeconfig(),
                directory.resolve(in + "-" + people + ".kubeconfig"),
                StandardCopyOption.REPLACE_EXISTING);
        Kubectl theirs = new Kubectl(kubectl().program(), kubeconfig);
        theirs.output("config", "set-credentials", "account", "--token", token);
        theirs.output("config", "set-context", "--current", "--user", "account", "--namespace", in);
        return plugin(kubeconfig);
    }

    /** The administrator's plugin with the keys of the bucket. */
    Plugin keeper() throws Exception {
        return administrator()
                .with("AWS_ENDPOINT_URL", endpoint())
                .with("AWS_ACCESS_KEY_ID", USER)
                .with("AWS_SECRET_ACCESS_KEY", PASSWORD);
    }

    private String endpoint() {
        return "http://" + kubectl().output("get", "pod/minio", "-n", namespace, "-o", "jsonpath={.status.podIP}")
                + ":9000";
    }

    private Plugin plugin(Path kubeconfig) throws Exception {
        return new Plugin(
                Files.createDirectory(directory.resolve("person-" + ++people)),
                kubectl().program(),
                kubeconfig);
    }

    /** A moment at which what was done before has been seen, and what is done next has not been done. */
    static String moment() throws Exception {
        Thread.sleep(1_000);
        String moment = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        Thread.sleep(100);
        return moment;
    }

    /** What there is, for who has to find out why a test failed. */
    String state() {
        String columns = "-o=custom-columns=NAME:.metadata.name,CONDITIONS:.status.conditions[*].message";
        return String.join(
                "\n",
                kubectl()
                        .run("get", "recordings,snapshots.traversion.dev", columns)
                        .out(),
                system().run("get", "pods").out(),
                system().run("logs", "--selector=app.kubernetes.io/component=recorder", "--prefix", "--tail=5")
                        .out(),
                system().run("logs", "deployment/traversion-operator", "--tail=20")
                        .out());
    }

    @Override
    public void close() throws IOException {
        String lifted = "{\"spec\":{\"hold\":false}}";
        kubectl()
                .run("get", "snapshots.traversion.dev", "-o", "name")
                .out()
                .lines()
                .forEach(held -> kubectl().run("patch", held, "--type=merge", "-p", lifted));
        kubectl().run("delete", "snapshots.traversion.dev,recordings", "--all", "--timeout=120s");
        kubectl().run("delete", "-k", CONFIGURATION, "--ignore-not-found", TIMEOUT);
        kubectl().run("delete", "pod/minio", "-n", namespace, "--ignore-not-found", "--timeout=60s");
        disk.close();
        guard.close();
    }

    private void run(String... command) throws Exception {
        Path log = directory.resolve("command.log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(log)).isZero();
    }
}
