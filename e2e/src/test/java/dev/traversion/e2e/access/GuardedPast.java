/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.access;

import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.reads.ReadAudit;
import dev.traversion.archive.reads.ReadRecord;
import dev.traversion.archive.store.FileStore;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.recording.LiveRecording;
import dev.traversion.kubectl.server.InClusterServer;
import dev.traversion.rewind.guard.KubernetesApi;
import dev.traversion.rewind.tls.OwnCertificate;
import dev.traversion.rewind.tls.RotatingTls;
import io.fabric8.kubernetes.client.Config;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A cluster that is recorded, and the server of its past that asks it who may read. */
public final class GuardedPast implements AutoCloseable {

    private static final String ROLE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: traversion}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: rewind, namespace: traversion}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: traversion-rewind}
            rules:
            - {apiGroups: [""], resources: [namespaces], verbs: [get]}
            - {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [get]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: traversion-rewind}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: traversion-rewind}
            subjects: [{kind: ServiceAccount, name: rewind, namespace: traversion}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: traversion-rewind-reviews}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:auth-delegator"}
            subjects: [{kind: ServiceAccount, name: rewind, namespace: traversion}]
            """;

    private final ControlPlane plane;
    private final Path directory;
    private final LiveRecording recording;
    private final Path tls;
    private final String cluster;
    private final Kubectl nobody;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private PrometheusRegistry metrics;
    private InClusterServer server;

    public GuardedPast(ControlPlane plane, Path directory) throws Exception {
        this.plane = plane;
        this.directory = directory;
        plane.kubectl().apply(ROLE);
        recording = new LiveRecording(
                plane.kubeconfig(), directory, 1, WriterOptions.of("test", directory.resolve("writer")));
        cluster = plane.kubectl().output("get", "ns", "kube-system", "-o", "jsonpath={.metadata.uid}");
        nobody = new Kubectl(
                plane.kubectl().program(),
                Files.writeString(directory.resolve("nobody.kubeconfig"), "apiVersion: v1\nkind: Config\n"));
        tls = Files.createDirectory(directory.resolve("tls"));
        newCertificate();
        server = serve(directory.resolve("recording"));
    }

    /** Puts another certificate where the server has its own from, as a mounted Secret that is rotated; PEM. */
    String newCertificate() throws Exception {
        OwnCertificate certificate =
                OwnCertificate.create(Instant.now(), Duration.ofDays(1), List.of("rewind.traversion-system.svc"));
        byte[] key = certificate
                .keyStore()
                .getKey("traversion", certificate.password())
                .getEncoded();
        Files.writeString(
                tls.resolve("tls.key"),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(tls.resolve("tls.crt"), certificate.pem());
        return certificate.pem();
    }

    /** The certificate of the server, PEM. */
    String certificate() throws IOException {
        return Files.readString(tls.resolve("tls.crt"));
    }

    /** Serves a place instead of the recording that is being made. */
    void serveInstead(Path place) throws Exception {
        server.close();
        server = serve(place);
    }

    private InClusterServer serve(Path place) throws Exception {
        metrics = new PrometheusRegistry();
        return new InClusterServer(
                place.toString(),
                0,
                new KubernetesApi(api(), authority(), token()),
                new RotatingTls(Optional.of(tls), List.of(), Clock.systemUTC()),
                "test-" + System.nanoTime(),
                metrics,
                _ -> {});
    }

    private URI api() {
        return URI.create(Config.fromKubeconfig(plane.kubeconfig().toFile()).getMasterUrl());
    }

    private Path authority() throws IOException {
        Config config = Config.fromKubeconfig(plane.kubeconfig().toFile());
        return config.getCaCertData() == null
                ? Path.of(config.getCaCertFile())
                : Files.write(
                        directory.resolve("api-ca.crt"), Base64.getDecoder().decode(config.getCaCertData()));
    }

    private Path token() throws IOException {
        return Files.writeString(
                directory.resolve("rewind.token"),
                plane.kubectl().output("create", "token", "rewind", "-n", "traversion"));
    }

    /** Starts another server of the same past, as a process of its own. */
    Plugin.Running replica(Plugin plugin, String name) throws IOException {
        return plugin.start(
                "serve-cluster",
                recording().toString(),
                "--port",
                "0",
                "--name",
                name,
                "--api-server",
                api().toString(),
                "--api-ca",
                authority().toString(),
                "--api-token",
                token().toString());
    }

    /** The kubeconfig of a server on loopback that serves the same to whoever has it, and asks nobody. */
    public Path openKubeconfig() {
        return recording.kubeconfig();
    }

    Path recording() {
        return directory.resolve("recording");
    }

    /** How many reads the server has told Prometheus of: "allowed", "refused" or "unrecorded". */
    double counted(String result) {
        CounterSnapshot reads =
                (CounterSnapshot) metrics.scrape("traversion_reads"::equals).get(0);
        return reads.getDataPoints().stream()
                .filter(each -> each.getLabels().get("result").equals(result))
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }

    int port() {
        return server.port();
    }

    /** The URL of a moment. */
    public String root(String time) {
        return "https://127.0.0.1:" + port() + "/clusters/" + cluster + "/at/" + time;
    }

    /** A namespace with a config map, a secret, and an account that may read both. */
    void tenant(String namespace, String value) {
        plane.kubectl().apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: reader, namespace: %1$s}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: reader, namespace: %1$s}
                rules:
                - {apiGroups: [""], resources: [configmaps, secrets, namespaces], verbs: [get, list, watch]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader, namespace: %1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
                subjects: [{kind: ServiceAccount, name: reader, namespace: %1$s}]
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: plan, namespace: %1$s}
                data: {owner: %2$s}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: db, namespace: %1$s}
                stringData: {password: %2$s}
                """.formatted(namespace, value));
        tokens.remove(namespace);
    }

    /** Deletes a namespace and all in it; there is no controller that would. */
    void delete(String namespace) {
        Kubectl kubectl = plane.kubectl();
        kubectl.output("delete", "configmaps,secrets,roles,rolebindings,serviceaccounts", "--all", "-n", namespace);
        kubectl.output("delete", "ns", namespace, "--wait=false");
        String object = kubectl.output("get", "ns", namespace, "-o", "json");
        kubectl.runWithInput(
                object.replaceAll("\"finalizers\": \\[[^\\]]*\\]", "\"finalizers\": []"),
                "replace",
                "--raw",
                "/api/v1/namespaces/" + namespace + "/finalize",
                "-f",
                "-");
    }

    /** kubectl at a moment, as the account of a tenant. */
    Completed at(String time, String namespace, String... arguments) {
        return as(time, token(namespace), arguments);
    }

    Completed as(String time, String token, String... arguments) {
        return with(time, List.of("--token", token), arguments);
    }

    /** kubectl at a moment, with credentials as flags. */
    Completed with(String time, List<String> credentials, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--server",
                root(time),
                "--insecure-skip-tls-verify",
                "--cache-dir",
                directory.resolve("cache" + port()) + ""));
        all.addAll(credentials);
        all.addAll(List.of(arguments));
        return nobody.run(all.toArray(String[]::new));
    }

    String token(String namespace) {
        return tokens.computeIfAbsent(namespace, _ -> plane.kubectl()
                .output("create", "token", "reader", "-n", namespace, "--audience", "traversion")
                .strip());
    }

    /** A moment after all that happened so far was recorded. */
    public String moment() throws Exception {
        String mark = "mark-" + System.nanoTime();
        plane.kubectl().output("create", "configmap", mark, "-n", "traversion");
        ReadableMark.await(recording.kubeconfig(), plane.kubectl().program(), mark);
        return Instant.now().toString();
    }

    List<ReadRecord> reads() throws IOException {
        List<ReadRecord> records = new ArrayList<>();
        List<String> damages = new ArrayList<>();
        try (FileStore store = new FileStore(directory.resolve("recording"))) {
            new ReadAudit(store, cluster, damages::add).run(records::add);
        }
        if (!damages.isEmpty()) {
            throw new AssertionError(damages.toString());
        }
        return records;
    }

    String cluster() {
        return cluster;
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        server.close();
        recording.close();
    }
}
