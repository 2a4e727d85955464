/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.reads.ReadChain;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.rewind.ClusterServer;
import dev.traversion.rewind.guard.ChainedReadLog;
import dev.traversion.rewind.guard.ClusterDoor;
import dev.traversion.rewind.guard.KubernetesApi;
import dev.traversion.rewind.guard.ReadLog;
import dev.traversion.rewind.tls.RotatingTls;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Serves the recording of the cluster it runs in, to those who may read it there. Other clusters of the same store are left out: what
 * somebody may do here says nothing of those.
 */
public final class InClusterServer implements AutoCloseable {

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final ClusterServer server;

    /**
     * Waits for the API server and for the recording to begin, and starts.
     *
     * @param name of this server, different from all others' and from earlier runs'
     * @param registry told of reads
     * @param notes told what it waits for
     */
    public InClusterServer(
            String location,
            int port,
            KubernetesApi api,
            RotatingTls tls,
            String name,
            PrometheusRegistry registry,
            Consumer<String> notes)
            throws IOException, InterruptedException {
        parts.push(tls);
        parts.push(api);
        try {
            Store store = Stores.open(location);
            parts.push(store);
            String cluster = awaitRecording(store, api, notes);
            Recording recording = Recording.open(store, cluster, RecordingOptions.defaults());
            parts.push(recording);
            ReadChain chain = new ReadChain(store, cluster, name);
            parts.push(chain);
            Clock clock = Clock.systemUTC();
            ReadLog log = new CountedReadLog(new ChainedReadLog(Map.of(cluster, chain), clock), registry);
            server = ClusterServer.start(List.of(recording), port, tls, new ClusterDoor(api, log, clock));
            parts.push(server);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static String awaitRecording(Store store, KubernetesApi api, Consumer<String> notes)
            throws IOException, InterruptedException {
        String said = "";
        while (true) {
            Optional<String> cluster = api.clusterId();
            if (cluster.isPresent() && new Layout(cluster.get()).exists(store)) {
                return cluster.get();
            }
            String waiting = cluster.map(id -> "Waiting for cluster " + id + " to be recorded in " + store.location())
                    .orElse("Waiting for the API server to tell which cluster this is");
            if (!waiting.equals(said)) {
                notes.accept(waiting);
                said = waiting;
            }
            Thread.sleep(RETRY);
        }
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.getLogger(InClusterServer.class.getName())
                        .log(System.Logger.Level.WARNING, "the server did not end cleanly", e);
            }
        }
    }
}
