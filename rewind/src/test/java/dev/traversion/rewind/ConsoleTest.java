/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The data of the console, as a browser gets it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final ResourceType WIDGETS = new ResourceType("demo.io", "widgets");

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;
    private ConsoleClient console;
    private long start;
    private long broken;
    private long end;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        for (ResourceType type : List.of(CONFIG_MAPS, PODS, EVENTS)) {
            cluster.mark(type, CoverageMark.Kind.OPENED, "10", "");
        }
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 11, "one"));
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop-b", "b", 12, "one"));
        cluster.added(PODS, pod("shop", "web", 13, "Running", "{\"running\":{}}", true));
        start = cluster.now() / 1_000_000;
        cluster.tick(250_001);
        cluster.modified(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 14, "two"));
        cluster.modified(
                PODS, pod("shop", "web", 15, "Running", "{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}", false));
        broken = Math.ceilDiv(cluster.now(), 1_000_000L);
        cluster.added(EVENTS, TestDocuments.event("e1", 16, "web").replace("Normal", "Warning"));
        cluster.deleted(CONFIG_MAPS, TestDocuments.configMap("shop-b", "b", 17, "one"));
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("other", "c", 18, "</script><b>"));
        cluster.added(WIDGETS, TestDocuments.widget("shop", "w", 19, 3));
        cluster.tick(1_000_000);
        cluster.mark(CONFIG_MAPS, CoverageMark.Kind.GAP, "", "the watch was refused");
        cluster.mark(PODS, CoverageMark.Kind.CONFIRMED, "20", "");
        end = cluster.now() / 1_000_000;
        recording = cluster.open();
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
        console = new ConsoleClient(server);
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        recording.close();
        cluster.close();
    }

    private static String pod(String namespace, String name, int version, String phase, String state, boolean ready) {
        return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\""
                + namespace
                + "\",\"uid\":\"u-" + name + "\",\"resourceVersion\":\"" + version
                + "\",\"creationTimestamp\":\"2026-01-31T13:59:00Z\",\"labels\":{\"app\":\"" + name + "\"}},"
                + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"registry/shop:1.9\"}],\"nodeName\":\"n1\"},"
                + "\"status\":{\"phase\":\"" + phase + "\",\"containerStatuses\":[{\"name\":\"c\",\"state\":" + state
                + ",\"ready\":" + ready + ",\"restartCount\":0}]}}";
    }

    private IndexFile index(String query) throws Exception {
        HttpResponse<byte[]> answer = console.bytes("index" + query);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return new IndexFile(answer.body());
    }

    @Test
    void theIndexTellsTheStateOfEveryMoment() throws Exception {
        IndexFile index = index("?from=" + start);
        assertThat(index.state(start))
                .containsOnly(
                        entry("configmaps shop/a", 0L), entry("configmaps shop-b/b", 0L), entry("pods shop/web", 1L));
        // A ms before the change that was observed within it, it is not yet there; at its end it is.
        assertThat(index.state(broken - 1)).containsEntry("pods shop/web", 1L);
        assertThat(index.state(broken)).containsEntry("pods shop/web", 4L);
        assertThat(index.state(end).keySet())
                .containsExactlyInAnyOrder(
                        "configmaps other/c", "configmaps shop/a", "pods shop/web", "widgets.demo.io shop/w");
        assertThat(index.names())
                .containsExactly(
                        "configmaps other/c",
                        "configmaps shop-b/b",
                        "configmaps shop/a",
                        "pods shop/web",
                        "widgets.demo.io shop/w");
        assertThat(index.header.path("complete").asBoolean()).isTrue();
        assertThat(index("?from=" + start + "&resources=events").names()).containsExactly("events shop/e1");
        assertThat(index("?from=" + start + "&namespace=shop").names()).hasSize(3);
    }

    @Test
    void pagesOfAnIndexTogetherTellWhatOneTells() throws Exception {
        Map<String, Long> whole = index("?from=" + start).state(end);
        long from = start;
        IndexFile page;
        int pages = 0;
        do {
            page = index("?limit=2&from=" + from);
            from = page.header.path("to").asLong();
            pages++;
        } while (!page.header.path("complete").asBoolean());
        assertThat(page.state(end)).isEqualTo(whole);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void theDensityCountsEachSort() throws Exception {
        long begin = start / 1000 * 1000;
        JsonNode density = console.read("density?width=1000&from=" + begin + "&to=" + (begin + 64_000));
        assertThat(density.path("buckets").asInt()).isEqualTo(64);
        assertThat(sum(density.path("changes"))).isEqualTo(6);
        assertThat(sum(density.path("failed"))).isEqualTo(1);
        assertThat(sum(density.path("deleted"))).isEqualTo(1);
        assertThat(sum(density.path("warning"))).isEqualTo(1);
        assertThat(sum(density.path("normal"))).isZero();
        assertThat(density.path("failed").path((int) ((broken - begin) / 1000)).asInt())
                .isEqualTo(1);
        JsonNode wide = console.read("density?width=64000&from=" + begin + "&to=" + (begin + 64_000));
        assertThat(sum(wide.path("changes"))).isEqualTo(8);
    }

    private static int sum(JsonNode numbers) {
        int sum = 0;
        for (JsonNode number : numbers) {
            sum += number.asInt();
        }
        return sum;
    }

    @Test
    void rowsAreWhatKubectlPrints() throws Exception {
        JsonNode table = console.read("table?resource=pods&namespace=shop&t=" + broken);
        JsonNode row = table.path("rows").path(0);
        assertThat(row.path("cells").toString()).startsWith("[\"web\",\"0/1\",\"CrashLoopBackOff\"");
        assertThat(row.path("health").asInt()).isEqualTo(4);
        assertThat(row.path("since").asLong()).isEqualTo(broken);
        assertThat(table.path("columns").path(2).path("name").asText()).isEqualTo("Status");
        JsonNode named = console.read("table?resource=configmaps&names=shop-b/b,shop/a&t=" + end);
        assertThat(named.path("rows").path(0).isNull()).isTrue();
        assertThat(named.path("rows").path(1).path("name").asText()).isEqualTo("a");
        assertThat(console.read("table?resource=configmaps&labelSelector=app%3Dc")
                        .path("rows"))
                .hasSize(1);
        JsonNode page = console.read("table?resource=configmaps&limit=1&t=" + start);
        assertThat(page.path("next").asText()).isEqualTo("shop-b/b");
        assertThat(console.read("table?resource=configmaps&limit=1&after=shop-b/b&t=" + start)
                        .path("rows")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("a");
    }

    @Test
    void anObjectIsToldAsItWas() throws Exception {
        JsonNode pod = console.read("object?resource=pods&namespace=shop&name=web&t=" + start);
        assertThat(pod.path("health").asInt()).isEqualTo(1);
        assertThat(pod.path("until").asLong()).isEqualTo(broken);
        assertThat(pod.path("yaml").asText()).startsWith("apiVersion: v1\nkind: Pod\n");
        JsonNode gone = console.read("object?resource=configmaps&namespace=shop-b&name=b");
        assertThat(gone.path("exists").asBoolean()).isFalse();
        JsonNode before = console.read("object?resource=configmaps&namespace=shop-b&name=b&format=json&t="
                + gone.path("before").asLong());
        assertThat(before.path("json").path("data").path("k").asText()).isEqualTo("one");
    }

    @Test
    void aHistoryNamesWhatChanged() throws Exception {
        JsonNode versions = console.read("history?resource=configmaps&namespace=shop&name=a")
                .path("versions");
        assertThat(versions).extracting(each -> each.path("verb").asText()).containsExactly("added", "modified");
        assertThat(versions.path(1).path("fields").toString())
                .contains("\"path\":\"data.k\",\"before\":\"one\",\"after\":\"two\"");
    }

    @Test
    void eventsDiffsTimelinesAndSearchesAnswer() throws Exception {
        JsonNode event = console.read("events?namespace=shop").path("events").path(0);
        assertThat(event.path("type").asText() + " "
                        + event.path("object").path("name").asText())
                .isEqualTo("Warning web");
        JsonNode diff = console.read("diff?bodies=true&from=" + start);
        assertThat(diff.path("counts").toString())
                .isEqualTo("{\"added\":2,\"removed\":1,\"changed\":2,\"replaced\":0}");
        assertThat(diff.path("folded").path("events").asInt()).isEqualTo(1);
        assertThat(diff.path("objects").path(0).path("old").asText()).doesNotContain("managedFields");
        assertThat(console.read("timeline?from=" + start).path("entries")).isNotEmpty();
        assertThat(console.read("search?q=shop:1.9")
                        .path("matches")
                        .path(0)
                        .path("matched")
                        .asText())
                .isEqualTo("image");
        assertThat(console.read("search?q=CONFIGMAP+app%3Da").path("total").asInt())
                .isEqualTo(1);
        assertThat(console.read("search?q=shop-b")
                        .path("elsewhere")
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        JsonNode topology = console.read("topology?t=" + start);
        assertThat(topology.path("total").asInt()).isEqualTo(3);
    }

    @Test
    void aGapIsToldOf() throws Exception {
        JsonNode gaps = console.read("recording").path("gaps");
        assertThat(gaps.toString()).contains("the watch was refused");
        assertThat(console.read("table?resource=configmaps").path("warning").asText())
                .contains("the watch was refused");
    }

    @Test
    void whatIsNotRecordedSaysSo() throws Exception {
        for (String what : List.of("flows", "logs")) {
            assertThat(console.read(what).path("recorded").asBoolean(true)).isFalse();
            assertThat(console.read(what).path("reason").asText()).isNotEmpty();
        }
    }

    @Test
    void whatIsWrongWithAnObjectHasItsCause() throws Exception {
        JsonNode found = console.read("why?resource=configmaps&namespace=shop&name=a");
        assertThat(found.path("target").path("name").asText()).isEqualTo("a");
        assertThat(found.path("outcome").asText()).isEqualTo("healthy");
    }

    @Test
    void thePastIsKeptByTheBrowserAndTheNewestIsAskedForAgain() throws Exception {
        HttpResponse<String> recent = console.ask("resources?t=" + start);
        String tag = recent.headers().firstValue("ETag").orElseThrow();
        assertThat(recent.headers().firstValue("Cache-Control")).hasValue("private, max-age=3600");
        assertThat(console.ask("resources?t=" + start, "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(console.ask("resources?t=" + end, "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @Test
    void jsonIsCompressedForThoseWhoTakeIt() throws Exception {
        HttpResponse<byte[]> answer = console.bytes("timeline", "Accept-Encoding", "gzip");
        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(new ObjectMapper().readTree(in).path("entries")).isNotEmpty();
        }
    }

    @Test
    void aProblemSaysWhatIsWrongAndWhatToDo() throws Exception {
        HttpResponse<String> answer = console.ask("object?resource=nonsense&name=x");
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(problem.path("status").asInt()).isEqualTo(404);
        assertThat(problem.path("detail").asText()).contains("nonsense");
        assertThat(problem.path("next").asText()).isNotEmpty();
        assertThat(console.ask("resources?t=2000-01-01T00:00:00Z").statusCode()).isEqualTo(410);
        assertThat(console.ask("resources?t=yesterday").statusCode()).isEqualTo(400);
        assertThat(console.ask("resources?at=now").body()).contains("there is no parameter at");
        assertThat(console.ask("density?width=3000").statusCode()).isEqualTo(400);
        assertThat(console.ask("object?resource=pods").body()).contains("name is missing");
    }

    @Test
    void answersAreAsTheyAreDescribed() throws Exception {
        Described described = new Described(console.get("api/openapi.json").body());
        for (String question : List.of(
                "recording",
                "resources",
                "density?width=1000&from=" + start,
                "table?resource=pods",
                "table?resource=configmaps&names=shop-b/b,shop/a",
                "object?resource=pods&namespace=shop&name=web",
                "object?resource=configmaps&namespace=shop&name=a&format=json",
                "object?resource=configmaps&namespace=shop-b&name=b",
                "history?resource=configmaps&namespace=shop&name=a",
                "events?namespace=shop",
                "diff?bodies=true&from=" + start,
                "timeline?from=" + start,
                "search?q=a",
                "search?q=shop-b",
                "topology",
                "logs")) {
            assertThat(described.check(question.split("\\?")[0], console.read(question)))
                    .as(question)
                    .isEmpty();
        }
    }

    @Test
    void theTailTellsWhatIsRecordedFromNowOn() throws Exception {
        try (java.util.stream.Stream<String> lines = console.lines("tail?from=" + start)) {
            String first =
                    lines.filter(line -> line.startsWith("data: [")).findFirst().orElseThrow();
            assertThat(first).contains("\"resource\":\"pods\"", "\"health\":4", "\"resource\":\"events\"");
        }
    }
}
