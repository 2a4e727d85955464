/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.snapshotter;

import dev.traversion.archive.Change;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.snapshotter.Snapshotter;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiServer;
import dev.traversion.snapshotter.watch.StreamStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A snapshotter at work on a real API server. */
public final class Recorder implements AutoCloseable {

    public static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    static final ResourceType SECRETS = new ResourceType("", "secrets");

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final KubernetesClient client;
    private final Snapshotter snapshotter;
    private final ApiServer server;
    private final Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[32]));

    /** Returns when every resource is listed, or known not to be. */
    public Recorder(Path kubeconfig, String user, RecordingSink sink, History recorded) throws Exception {
        this(kubeconfig, user, sink, recorded, Clock.systemUTC());
    }

    public Recorder(Path kubeconfig, String user, RecordingSink sink, History recorded, Clock clock) throws Exception {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        if (!user.isEmpty()) {
            config.setImpersonateUsername(user);
        }
        client = new KubernetesClientBuilder().withConfig(config).build();
        server = new ApiServer(client);
        snapshotter =
                new Snapshotter(client, sink, masking, RecordingRules.ALL, recorded, clock, new PrometheusRegistry());
        await("every resource is listed", () -> snapshotter.status().stream()
                .noneMatch(status -> status.state() == StreamStatus.State.LISTING));
    }

    public Recorder(Path kubeconfig, RecordingSink sink) throws Exception {
        this(kubeconfig, "", sink, null);
    }

    public Snapshotter snapshotter() {
        return snapshotter;
    }

    /** How it masks. */
    public Masking masking() {
        return masking;
    }

    public Optional<StreamStatus> status(ResourceType type) {
        return snapshotter.status().stream()
                .filter(each -> each.type().equals(type))
                .findFirst();
    }

    /** What a GET answers for an object of the core group, masked. */
    Optional<String> get(ObjectKey key) throws IOException, InterruptedException {
        String namespace = key.namespace().isEmpty() ? "" : "namespaces/" + key.namespace() + "/";
        return get("/api/v1/" + namespace + key.type().resource() + "/" + key.name(), key.type());
    }

    Optional<String> get(String path, ResourceType type) throws IOException, InterruptedException {
        Answer answer = server.get(path, "application/json");
        if (answer.status() == 404) {
            return Optional.empty();
        }
        String body = new String(answer.orFail().body(), StandardCharsets.UTF_8).strip();
        return Optional.of(
                new String(masking.apply(type, body.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
    }

    static String body(Change change) {
        return new String(change.body(), StandardCharsets.UTF_8);
    }

    public static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LIMIT + ": " + what);
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        snapshotter.close();
        server.close();
        client.close();
    }
}
