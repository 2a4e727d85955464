/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.recording;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.rewind.RewindOptions;
import dev.traversion.rewind.RewindServer;
import dev.traversion.snapshotter.Snapshotter;
import dev.traversion.snapshotter.watch.StreamStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A cluster that is being recorded into a directory, and served from there at the same time. */
public final class LiveRecording implements AutoCloseable {

    private final KubernetesClient client;
    private final Store store;
    private final RecordingWriter writer;
    private final Snapshotter snapshotter;
    private final History history;
    private final RewindServer server;
    private final Masking masking;
    private final Path kubeconfig;

    /** Returns when every resource is observed. */
    public LiveRecording(Path clusterKubeconfig, Path directory, long seed, WriterOptions options) throws Exception {
        Config config = Config.fromKubeconfig(clusterKubeconfig.toFile());
        config.setHttp2Disable(true);
        client = new KubernetesClientBuilder().withConfig(config).build();
        String cluster =
                client.namespaces().withName("kube-system").get().getMetadata().getUid();
        store = new FileStore(directory.resolve("recording"));
        writer = RecordingWriter.open(store, cluster, options);
        byte[] key = new byte[32];
        new Random(seed).nextBytes(key);
        masking = new Masking(MaskingRules.base(), new MaskingKey(key));
        snapshotter = new Snapshotter(
                client, writer, masking, RecordingRules.ALL, null, Clock.systemUTC(), new PrometheusRegistry());
        Waiting.until(Duration.ofSeconds(60), "every resource is observed", () -> snapshotter.status().stream()
                .noneMatch(status -> status.state() == StreamStatus.State.LISTING));
        history = Recording.open(store, cluster, RecordingOptions.defaults());
        Waiting.until(Duration.ofSeconds(60), "the documents are recorded", () -> {
            history.refresh();
            return history.get(
                            new ObjectKey(new ResourceType("traversion.dev", "documents"), "", "openapi/v3"),
                            history.end())
                    .isPresent();
        });
        server = RewindServer.start(List.of(history), RewindOptions.defaults());
        kubeconfig = Files.writeString(directory.resolve("past.kubeconfig"), server.kubeconfig(cluster, "now", "past"));
    }

    /** Points clients at the newest moment of the past. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    public Masking masking() {
        return masking;
    }

    public RecordingWriter writer() {
        return writer;
    }

    @Override
    public void close() {
        snapshotter.close();
        server.close();
        history.close();
        writer.close();
        store.close();
        client.close();
    }
}
