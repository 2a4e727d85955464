/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.bench;

import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.rewind.RewindOptions;
import dev.traversion.rewind.RewindServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long lists of many large pods take from a sealed recording, against the same lists from the API server itself, with the same
 * client and in turns: by one client, with everything cached and with nothing, and by many at once.
 */
final class ListBenchmarks {

    private static final int ROUNDS = 15;
    private static final int COLD_ROUNDS = 5;
    private static final int CLIENTS = 50;
    private static final int REQUESTS_PER_CLIENT = 6;
    private static final String JSON = "application/json";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private final Path recording;
    private final Path kubeconfig;
    private final String path;
    private final int pods;

    /**
     * @param recording directory of the recording
     * @param namespace of the pods
     * @param pods how many there are
     */
    ListBenchmarks(Path recording, String namespace, int pods) {
        this.recording = recording;
        this.kubeconfig = recording.resolveSibling("bench.kubeconfig");
        this.path = "/api/v1/namespaces/" + namespace + "/pods";
        this.pods = pods;
    }

    void run(ApiClient live) throws Exception {
        try (Past past = new Past()) {
            compare("list of " + pods + " pods, JSON", path, JSON, 0.2, live, past.client);
            compare("list of " + pods + " pods, Table", path, TABLE, 0.4, live, past.client);
            compare("first page of 500, Table", path + "?limit=500", TABLE, 1, live, past.client);
            crowd(live, past.client);
        }
        cold("list of " + pods + " pods, JSON, nothing cached", JSON, live);
        cold("list of " + pods + " pods, Table, nothing cached", TABLE, live);
    }

    /** A server of the recording that was just opened. */
    private final class Past implements AutoCloseable {
        private final Store store = new FileStore(recording);
        private final Recording history;
        private final RewindServer server;
        private final ApiClient client;

        Past() throws Exception {
            String cluster = Recordings.onlyCluster(store);
            history = Recording.open(store, cluster, RecordingOptions.defaults());
            server = RewindServer.start(List.of(history), RewindOptions.defaults());
            Files.writeString(kubeconfig, server.kubeconfig(cluster, "now", "past"));
            client = new ApiClient(kubeconfig);
        }

        @Override
        public void close() {
            client.close();
            server.close();
            history.close();
            store.close();
        }
    }

    private void compare(String name, String list, String accept, double target, ApiClient live, ApiClient past)
            throws Exception {
        double[] server = new double[ROUNDS];
        double[] ours = new double[ROUNDS];
        for (int i = -2; i < ROUNDS; i++) {
            double liveSeconds = seconds(live, list, accept);
            double pastSeconds = seconds(past, list, accept);
            if (i >= 0) {
                server[i] = liveSeconds;
                ours[i] = pastSeconds;
            }
        }
        print(name, ours, server, "target ratio <= " + target);
    }

    private void cold(String name, String accept, ApiClient live) throws Exception {
        double[] server = new double[COLD_ROUNDS];
        double[] ours = new double[COLD_ROUNDS];
        for (int i = 0; i < COLD_ROUNDS; i++) {
            server[i] = seconds(live, path, accept);
            try (Past past = new Past()) {
                ours[i] = seconds(past.client, path, accept);
            }
        }
        print(name, ours, server, "no slower than live");
    }

    private void crowd(ApiClient live, ApiClient past) throws Exception {
        double[] server = crowd(live);
        double[] ours = crowd(past);
        print(CLIENTS + " clients at once, a page of 500 each time, Table", ours, server, "no slower than live");
    }

    private double[] crowd(ApiClient client) throws Exception {
        List<Double> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<List<Double>>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(() -> {
                    List<Double> seconds = new ArrayList<>();
                    for (int request = 0; request < REQUESTS_PER_CLIENT; request++) {
                        seconds.add(seconds(client, path + "?limit=500", TABLE));
                    }
                    return seconds;
                }));
            }
            for (Future<List<Double>> each : running) {
                all.addAll(each.get());
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double seconds(ApiClient client, String list, String accept) throws Exception {
        long start = System.nanoTime();
        client.drain(list, accept);
        return (System.nanoTime() - start) / 1e9;
    }

    private static void print(String name, double[] ours, double[] live, String target) {
        double[] past = sorted(ours);
        double[] server = sorted(live);
        System.out.printf(
                Locale.ROOT,
                "%-58s p50 %7.3f s  p95 %7.3f s   live API server p50 %7.3f s  p95 %7.3f s   ratio %.2f %.2f   (%s)%n",
                name,
                at(past, 0.5),
                at(past, 0.95),
                at(server, 0.5),
                at(server, 0.95),
                at(past, 0.5) / at(server, 0.5),
                at(past, 0.95) / at(server, 0.95),
                target);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    }
}
