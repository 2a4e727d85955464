/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Logs and usage of fixed moments of a recording with what an agent landed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodePastTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final String ID = "ab".repeat(32);
    private static final String QUIET_ID = "ef".repeat(32);
    private static final String LOG = "/api/v1/namespaces/shop/pods/web/log";
    private static final String METRICS = "/apis/metrics.k8s.io/v1beta1/";

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;
    private String before;
    private String running;
    private String waiting;
    private String restarted;
    private long begin;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        cluster.mark(PODS, CoverageMark.Kind.OPENED, "10", "");
        cluster.added(
                NODES,
                "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n1\",\"uid\":\"u-n1\","
                        + "\"resourceVersion\":\"11\",\"labels\":{\"zone\":\"a\"}}}");
        cluster.added(PODS, pod("web", 12, "\"running\":{}", "", 0));
        cluster.added(PODS, pod("quiet", 13, "\"running\":{}", "", 0));
        cluster.added(PODS, pod("unknown", 14, "\"running\":{}", "", 0));
        cluster.added(PODS, pod("pending", 15, "", "", 0).replace(",\"nodeName\":\"n1\"", ""));
        cluster.added(PODS, pod("starting", 16, "\"waiting\":{\"reason\":\"ContainerCreating\"}", "", 0));
        cluster.added(PODS, pod("pulling", 17, "\"waiting\":{\"reason\":\"ImagePullBackOff\"}", "", 0));
        cluster.added(
                PODS,
                pod("pair", 18, "\"running\":{}", "", 0)
                        .replace(
                                "{\"name\":\"app\",\"image\":\"i\"}",
                                "{\"name\":\"app\",\"image\":\"i\"},{\"name\":\"side\",\"image\":\"i\"}"));
        before = cluster.time();
        begin = cluster.now();
        cluster.tick(10 * TestCluster.SECOND);
        running = cluster.time();
        cluster.modified(
                PODS,
                pod(
                        "web",
                        20,
                        "\"waiting\":{\"reason\":\"CrashLoopBackOff\"}",
                        "\"containerID\":\"containerd://x\"",
                        0));
        waiting = cluster.time();
        cluster.modified(PODS, pod("web", 21, "\"running\":{}", "\"containerID\":\"containerd://x\"", 1));
        cluster.tick(19 * TestCluster.SECOND);
        restarted = cluster.time();
        cluster.mark(PODS, CoverageMark.Kind.CONFIRMED, "22", "");
        try (TestNode node = new TestNode(directory, "n1")) {
            node.begin("u-web", "app", 0, begin + second(1))
                    .line("u-web", "app", 0, begin + second(2), "stdout", "one")
                    .line("u-web", "app", 0, begin + second(3), "stderr", "two")
                    .cutLine("u-web", "app", 0, begin + second(4) + 5, "stdout", "three", 7)
                    .line("u-web", "app", 0, begin + second(11), "stdout", "crash")
                    .begin("u-web", "app", 1, begin + second(13))
                    .line("u-web", "app", 1, begin + second(14), "stdout", "again")
                    .line("u-web", "app", 1, begin + second(60), "stdout", "later than all")
                    .begin("u-quiet", "app", 0, begin + second(1))
                    .line("u-pair", "side", 0, begin + second(2), "stdout", "aside")
                    .line("u-pair", "app", 0, begin + second(2), "stdout", "once")
                    .later(second(30))
                    .begin("u-pair", "app", 0, begin + second(50))
                    .line("u-pair", "app", 0, begin + second(2), "stdout", "once")
                    .gap(begin + second(3), "shop/web/app: its file was cut short while it was read")
                    .gap(begin + second(3), "shop/other/app: its file was cut short while it was read");
            for (long at : new long[] {-1, 4, 9}) {
                node.used("node", "", "", begin + second(at), 250_000_000, 3L << 30)
                        .used("pod", "u-web", "", begin + second(at), 5_000_000, 7 << 20)
                        .used("container", "u-web", ID, begin + second(at), at == 9 ? 4_500_000 : 1, 6 << 20)
                        .used("container", "u-web", "cd".repeat(32), begin + second(at), 1000, 1 << 10);
            }
            node.used("container", "u-quiet", QUIET_ID, begin + second(9), -1, 1 << 20);
        }
        recording = cluster.open();
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
    }

    private static long second(long count) {
        return count * TestCluster.SECOND;
    }

    private static String pod(String name, int version, String state, String last, int restarts) {
        return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"shop\",\"uid\":\"u-" + name + "\",\"resourceVersion\":\"" + version
                + "\",\"creationTimestamp\":\"2026-01-31T13:59:00Z\",\"labels\":{\"app\":\"" + name + "\"}},"
                + "\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"i\"}],\"nodeName\":\"n1\"},"
                + "\"status\":{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"app\",\"containerID\":\"containerd://"
                + (name.equals("web") ? ID : name.equals("quiet") ? QUIET_ID : name) + "\",\"state\":{" + state
                + "},\"lastState\":{"
                + (last.isEmpty() ? "" : "\"terminated\":{" + last + "}") + "},\"restartCount\":" + restarts + "}]}}";
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        recording.close();
        cluster.close();
    }

    private TestClient at(String time) {
        return new TestClient(server, time, server.token());
    }

    private String log(String time, String query) throws Exception {
        HttpResponse<String> answer = at(time).get(LOG + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain");
        return answer.body();
    }

    private void assertRefused(String path, int status, String reason, String message) throws Exception {
        HttpResponse<String> answer = at(running).get(path);
        JsonNode body = TestClient.json(answer);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(body.path("reason").asText()).isEqualTo(reason);
        assertThat(body.path("message").asText()).startsWith(message);
    }

    private static final String THREE = "three [traversion: 7 more bytes of this line were not recorded]\n";

    @Test
    void theLogIsWhatWasWrittenByThen() throws Exception {
        assertThat(log(running, "")).isEqualTo("one\ntwo\n" + THREE);
        assertThat(log(running, "?container=app&tailLines=2")).isEqualTo("two\n" + THREE);
        assertThat(log(running, "?tailLines=0")).isEmpty();
        assertThat(log(running, "?limitBytes=5")).isEqualTo("one\nt");
        assertThat(log(running, "?stream=Stderr")).isEqualTo("two\n");
        assertThat(log(running, "?sinceSeconds=7")).isEqualTo("two\n" + THREE);
        assertThat(log(running, "?sinceTime=" + Moment.format(begin + second(4))))
                .isEqualTo(THREE);
        assertThat(log(running, "?timestamps=true&tailLines=1")).isEqualTo("2026-01-31T14:00:18.000000005Z " + THREE);
        assertThat(log(running, "?follow=true")).as("a moment is its own end").isEqualTo("one\ntwo\n" + THREE);
    }

    @Test
    void eachStartOfAContainerHasALogOfItsOwn() throws Exception {
        assertThat(log(waiting, "")).isEqualTo("one\ntwo\n" + THREE + "crash\n");
        assertThat(log(waiting, "?previous=true")).isEqualTo("one\ntwo\n" + THREE + "crash\n");
        assertThat(log(restarted, "")).isEqualTo("again\n");
        assertThat(log(restarted, "?previous=true")).isEqualTo("one\ntwo\n" + THREE + "crash\n");
    }

    /** An agent that had no spool of the one before began anew with the file, see {@link #record}. */
    @Test
    void whatTwoAgentsReadIsThereOnce() throws Exception {
        String pair = at(running)
                .get("/api/v1/namespaces/shop/pods/pair/log?container=app")
                .body();
        assertThat(pair).isEqualTo("once\n");
    }

    @Test
    void whatIsMissingIsToldInAWarning() throws Exception {
        assertThat(at(running).get(LOG).headers().allValues("Warning"))
                .containsExactly(
                        "299 - \"traversion: of this log something is missing: its file was cut short while it was read\"");
    }

    @Test
    void aLogWithoutLinesIsEmptyAndOneThatWasNotRecordedIsRefused() throws Exception {
        assertThat(log(running, "").isEmpty()).isFalse();
        HttpResponse<String> quiet = at(running).get(LOG.replace("web", "quiet"));
        assertThat(quiet.statusCode()).isEqualTo(200);
        assertThat(quiet.body()).isEmpty();
        assertRefused(
                LOG.replace("web", "unknown"),
                404,
                "NotFound",
                "the log of container \"app\" in pod \"unknown\" (start 1) was not recorded by ");
        HttpResponse<String> early = at(Moment.format(begin - second(12))).get(LOG);
        assertThat(early.statusCode()).as("before the pod was there").isEqualTo(404);
    }

    @Test
    void whatAnApiServerOrAKubeletRefusesIsRefusedInTheirWords() throws Exception {
        assertRefused(LOG.replace("web", "nobody"), 404, "NotFound", "pods \"nobody\" not found");
        assertRefused(LOG + "?container=x", 400, "BadRequest", "container x is not valid for pod web");
        assertRefused(
                LOG.replace("web", "pair"),
                400,
                "BadRequest",
                "a container name must be specified for pod pair, choose one of: [app side]");
        assertRefused(
                LOG + "?previous=true",
                400,
                "BadRequest",
                "previous terminated container \"app\" in pod \"web\" not found");
        assertRefused(
                LOG.replace("web", "starting"),
                400,
                "BadRequest",
                "container \"app\" in pod \"starting\" is waiting to start: ContainerCreating");
        assertRefused(
                LOG.replace("web", "pulling"),
                400,
                "BadRequest",
                "container \"app\" in pod \"pulling\" is waiting to start: trying and failing to pull image");
        assertRefused(
                LOG + "?tailLines=-1",
                422,
                "Invalid",
                "PodLogOptions \"web\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0");
        assertThat(at(running).get(LOG.replace("web", "pending")).body()).isEmpty();
    }

    @Test
    void aFilmShowsLinesWhenTheyAreDue() throws Exception {
        try (Stream<String> lines =
                TestClient.film(server, before, restarted, "50").watch(LOG + "?follow=true")) {
            List<String> seen = new ArrayList<>();
            lines.forEach(seen::add);
            assertThat(seen).containsExactly("one", "two", THREE.strip(), "crash");
        }
    }

    @Test
    void podsAndNodesHaveTheMetricsOfTheMoment() throws Exception {
        JsonNode pods = TestClient.json(at(running).get(METRICS + "namespaces/shop/pods"));
        assertThat(pods.path("kind").asText()).isEqualTo("PodMetricsList");
        assertThat(pods.path("items")).as("no other has a sample").hasSize(1);
        JsonNode web = TestClient.json(at(running).get(METRICS + "namespaces/shop/pods/web"));
        assertThat(web.toString())
                .isEqualTo(
                        "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"creationTimestamp\":\"2026-01-31T14:00:23Z\","
                                + "\"labels\":{\"app\":\"web\"}},\"timestamp\":\"2026-01-31T14:00:23Z\",\"window\":\"5s\","
                                + "\"containers\":[{\"name\":\"app\",\"usage\":{\"cpu\":\"4500000n\",\"memory\":\"6144Ki\"}}],"
                                + "\"kind\":\"PodMetrics\",\"apiVersion\":\"metrics.k8s.io/v1beta1\"}");
        JsonNode nodes = TestClient.json(at(running).get(METRICS + "nodes?labelSelector=zone%3Da"));
        assertThat(nodes.path("items").path(0).path("usage").toString())
                .isEqualTo("{\"cpu\":\"250000000n\",\"memory\":\"3145728Ki\"}");
        assertThat(TestClient.json(at(running).get(METRICS + "nodes?labelSelector=zone%3Db"))
                        .path("items"))
                .isEmpty();
        assertThat(at(running).get(METRICS + "nodes/n2").statusCode()).isEqualTo(404);
        assertThat(at(restarted).get(METRICS + "namespaces/shop/pods/web").statusCode())
                .as("no sample in the 15 s before it, of a container that is known")
                .isEqualTo(404);
    }

    @Test
    void discoveryOffersLogsAndMetrics() throws Exception {
        assertThat(at(running).get("/apis").body()).contains("metrics.k8s.io/v1beta1");
        assertThat(at(running).get("/apis/metrics.k8s.io/v1beta1").body()).contains("NodeMetrics", "PodMetrics");
        assertThat(at(running).get("/api/v1").body()).contains("pods/log");
    }

    @Test
    void theConsoleHasTheLinesOfAPodAndOfANamespace() throws Exception {
        ConsoleClient console = new ConsoleClient(server);
        String stretch = "logs?from=" + Moment.format(begin) + "&to=" + running + "&namespace=shop";
        JsonNode all = console.read(stretch);
        assertThat(all.path("recorded").asBoolean()).isTrue();
        assertThat(texts(all)).containsExactlyInAnyOrder("one", "two", THREE.strip(), "aside", "once");
        assertThat(texts(console.read(stretch + "&resource=pods&name=web")))
                .containsExactly("one", "two", THREE.strip());
        JsonNode last = console.read(stretch + "&resource=pods&name=web&limit=1");
        assertThat(texts(last)).containsExactly(THREE.strip());
        assertThat(last.path("omitted").asInt()).isEqualTo(2);
        assertThat(console.read("recording")
                        .path("recorded")
                        .path("logs")
                        .path("recorded")
                        .asBoolean())
                .isTrue();
    }

    private static List<String> texts(JsonNode answer) {
        List<String> texts = new ArrayList<>();
        answer.path("lines").forEach(line -> texts.add(line.path("text").asText()));
        return texts;
    }
}
