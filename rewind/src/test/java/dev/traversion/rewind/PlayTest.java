/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stretches of a recording shown again. Each test has a speed of its own, and so a film of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlayTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final String LIST = "/api/v1/configmaps";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Too slow for anything to happen while a test runs. */
    private static final String STANDING = "0.01";

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;
    private String from;
    private String to;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        cluster.mark(CONFIG_MAPS, CoverageMark.Kind.OPENED, "10", "");
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 11, "one"));
        from = cluster.time();
        cluster.tick(60 * TestCluster.SECOND);
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("other", "c", 15, "two"));
        cluster.modified(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 16, "two"));
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "b", 17, "two"));
        cluster.deleted(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 21, "two"));
        to = cluster.time();
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "later", 22, "two"));
        recording = cluster.open();
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        recording.close();
        cluster.close();
    }

    private TestClient film(String speed) {
        return TestClient.film(server, from, to, speed);
    }

    private static List<String> names(HttpResponse<String> list) throws Exception {
        List<String> names = new ArrayList<>();
        TestClient.json(list)
                .path("items")
                .forEach(item -> names.add(item.path("metadata").path("name").asText()));
        return names;
    }

    /** {@code ADDED shop/a one}. */
    private static String event(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            JsonNode metadata = event.path("object").path("metadata");
            return event.path("type").asText() + " "
                    + metadata.path("namespace").asText() + "/"
                    + metadata.path("name").asText();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static JsonNode control(TestClient film, String query) throws Exception {
        return TestClient.json(film.send("POST", "/film?" + query, HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void listsBeginAtTheFirstMoment() throws Exception {
        HttpResponse<String> list = film("0.5").get(LIST);
        assertThat(names(list)).containsExactly("a");
        assertThat(TestClient.json(list)
                        .path("metadata")
                        .path("resourceVersion")
                        .asText())
                .isEqualTo("11");
    }

    @Test
    void watchesDeliverTheChangesInOrderAndNothingBeyondTheLastMoment() throws Exception {
        TestClient film = film("1000");
        try (Stream<String> events = film.watch(LIST + "?watch=true&resourceVersion=11&timeoutSeconds=2")) {
            assertThat(events.map(PlayTest::event))
                    .containsExactly("ADDED other/c", "MODIFIED shop/a", "ADDED shop/b", "DELETED shop/a");
        }
    }

    @Test
    void aWatchWithoutAVersionBeginsWithTheState() throws Exception {
        String query = "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
                + "&timeoutSeconds=3&fieldSelector=metadata.namespace=shop";
        try (Stream<String> events = film("1001").watch(LIST + query)) {
            assertThat(events.map(PlayTest::event))
                    .containsExactly(
                            "ADDED shop/a",
                            "BOOKMARK /",
                            "MODIFIED shop/a",
                            "ADDED shop/b",
                            "DELETED shop/a",
                            "BOOKMARK /");
        }
    }

    @Test
    void aPausedFilmStandsStillUntilItIsResumed() throws Exception {
        TestClient film = film(STANDING);
        try (Stream<String> events = film.watch(LIST + "?watch=true&resourceVersion=11&timeoutSeconds=60")) {
            Iterator<String> lines = events.iterator();
            JsonNode paused = control(film, "paused=true&speed=10000");
            assertThat(paused.path("paused").asBoolean()).isTrue();
            Thread.sleep(100);
            JsonNode later = TestClient.json(film.get("/film"));
            assertThat(later.path("position")).isEqualTo(paused.path("position"));
            assertThat(names(film.get(LIST))).containsExactly("a");
            control(film, "paused=false");
            assertThat(event(lines.next())).isEqualTo("ADDED other/c");
        }
    }

    @Test
    void allWhoWatchSeeTheSameFilm() throws Exception {
        TestClient film = film("9999");
        try (Stream<String> first = film.watch(LIST + "?watch=true&resourceVersion=11&timeoutSeconds=60")) {
            assertThat(first.limit(4).map(PlayTest::event).toList()).endsWith("DELETED shop/a");
            assertThat(names(film.get(LIST))).containsExactly("c", "b");
            assertThat(TestClient.json(film.get("/film")).path("ended").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void aFilmWithANameIsOneOfItsOwn() throws Exception {
        try (Stream<String> events = film("9997;mine").watch(LIST + "?watch=true&resourceVersion=11")) {
            assertThat(events.limit(4).map(PlayTest::event).toList()).endsWith("DELETED shop/a");
            assertThat(names(film("9997;mine").get(LIST))).containsExactly("c", "b");
            assertThat(names(film("9997;yours").get(LIST))).containsExactly("a");
        }
    }

    @Test
    void whoReconnectsGoesOnWhereHeWas() throws Exception {
        TestClient film = film("0.02");
        try (Stream<String> events = film.watch(LIST + "?watch=true&resourceVersion=16&timeoutSeconds=60")) {
            assertThat(names(film.get(LIST))).containsExactly("c", "a");
            control(film, "speed=10000");
            assertThat(events.limit(2).map(PlayTest::event)).containsExactly("ADDED shop/b", "DELETED shop/a");
        }
    }

    @Test
    void whoHangsUpIsNotWaitedFor() throws Exception {
        TestClient film = film("9998");
        try (Stream<String> events = film.watch(LIST + "?watch=true&resourceVersion=11&timeoutSeconds=60")) {
            assertThat(events.limit(1).map(PlayTest::event)).containsExactly("ADDED other/c");
        }
        long limit = System.nanoTime() + 10_000_000_000L;
        while (!names(film.get(LIST)).equals(List.of("a"))) {
            assertThat(System.nanoTime() - limit)
                    .as("it is back at its beginning")
                    .isNegative();
            Thread.sleep(10);
        }
    }

    @Test
    void watchingTheFilmItselfTellsHowItRuns() throws Exception {
        TestClient film = film("500");
        try (Stream<String> reports = film.watch("/film?watch=true")) {
            String ended = reports.filter(line -> line.contains("\"ended\":true"))
                    .findFirst()
                    .orElseThrow();
            assertThat(JSON.readTree(ended).path("position").asText()).isEqualTo(to);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000000", "NaN", "fast", "1e99"})
    void speedsOfNoUseAreRefused(String speed) throws Exception {
        HttpResponse<String> refused = film(speed).get(LIST);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(TestClient.json(refused).path("message").asText()).contains("is not a speed", "0.01 to 10000");
    }

    @Test
    void aFilmGoesForward() throws Exception {
        HttpResponse<String> refused = TestClient.film(server, to, from, "1").get(LIST);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("from an earlier moment to a later one");
    }

    @Test
    void aFilmCannotBeChanged() throws Exception {
        HttpResponse<String> refused = film("3").send("DELETE", LIST + "/a", HttpRequest.BodyPublishers.noBody());
        assertThat(refused.statusCode()).isEqualTo(405);
    }
}
