/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches of a recording that is still being made. */
class WatchingTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final String WATCH = "/api/v1/configmaps?watch=true&resourceVersion=";
    private static final int FIRST = 11;
    private static final ObjectMapper JSON = new ObjectMapper();

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;

    @BeforeEach
    void record(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        cluster.mark(CONFIG_MAPS, CoverageMark.Kind.OPENED, "10", "");
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "a", FIRST, "one"));
        recording = cluster.open();
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        recording.close();
        cluster.close();
    }

    @Test
    void watchFromOutsideTheRecordingFailsWithAnEventAsAtTheApiServer() throws Exception {
        TestClient now = new TestClient(server, "now", server.token());
        try (Stream<String> events = now.watch(WATCH + "2")) {
            assertThat(events)
                    .singleElement()
                    .asString()
                    .startsWith("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",")
                    .contains("too old resource version: 2", "\"reason\":\"Expired\",\"code\":410}");
        }
        try (Stream<String> events = now.watch(WATCH + "99&sendInitialEvents=true&resourceVersionMatch=NotOlderThan")) {
            assertThat(events)
                    .singleElement()
                    .asString()
                    .startsWith("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",")
                    .contains("Too large resource version: 99, current: 11", "\"code\":504}");
        }
    }

    @Test
    void clientsThatDoNotReadCostNoMemoryAndHoldUpNobody() throws Exception {
        int slow = 40;
        int reading = 10;
        int changes = 1500;
        String value = "x".repeat(4 * 1024);
        List<Integer> expected =
                IntStream.rangeClosed(FIRST + 1, FIRST + changes).boxed().toList();
        try (HttpClient client = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<BufferedReader> unread = new ArrayList<>();
            for (int i = 0; i < slow; i++) {
                unread.add(open(client));
            }
            long before = liveHeap();
            List<Future<List<Integer>>> versions = new ArrayList<>();
            for (int i = 0; i < reading; i++) {
                BufferedReader events = open(client);
                versions.add(threads.submit(() -> versions(events, changes)));
            }
            for (int version : expected) {
                cluster.modified(CONFIG_MAPS, TestDocuments.configMap("shop", "a", version, value));
            }
            cluster.sync();

            for (Future<List<Integer>> each : versions) {
                assertThat(each.get()).isEqualTo(expected);
            }
            // A buffer or two for each client, and the changes themselves: in the writer and in what readers hold of
            // its log. If what a
            // client has not read were kept for it, it would be all changes for each of them.
            long flown = (long) changes * value.length();
            long bound = (slow + reading) * 1024L * 1024 + 4 * flown;
            assertThat(liveHeap() - before).isLessThan(bound).isLessThan(slow * flown);

            assertThat(versions(unread.getFirst(), changes))
                    .as("of one that reads after all")
                    .isEqualTo(expected);
            for (BufferedReader each : unread) {
                each.close();
            }
            client.shutdownNow();
        }
    }

    private BufferedReader open(HttpClient client) throws Exception {
        URI uri = URI.create(
                "http://127.0.0.1:" + server.port() + "/clusters/" + TestCluster.ID + "/at/now" + WATCH + FIRST);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + server.token())
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static List<Integer> versions(BufferedReader events, int count) throws Exception {
        List<Integer> versions = new ArrayList<>();
        while (versions.size() < count) {
            versions.add(JSON.readTree(events.readLine())
                    .at("/object/metadata/resourceVersion")
                    .asInt());
        }
        return versions;
    }

    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
