/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Processes, connections and usage as the console and the plugin get them: a pod that crashes since its database's service is gone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeConsoleTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType SERVICES = new ResourceType("", "services");
    private static final String WEB = "10.1.0.1";
    private static final String DB = "10.96.0.7";

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;
    private ConsoleClient console;
    private String from;
    private String to;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        cluster.mark(PODS, CoverageMark.Kind.OPENED, "10", "");
        cluster.mark(SERVICES, CoverageMark.Kind.OPENED, "10", "");
        cluster.added(SERVICES, object("Service", "shop", "db", 11, "\"spec\":{\"clusterIPs\":[\"" + DB + "\"]}"));
        cluster.added(PODS, pod("shop", "web", 12, WEB, "\"running\":{}"));
        cluster.added(PODS, pod("bank", "ledger", 13, "10.1.0.2", "\"running\":{}"));
        long begin = cluster.now();
        from = Moment.format(begin);
        cluster.tick(30 * TestCluster.SECOND);
        cluster.modified(
                PODS,
                pod(
                        "shop",
                        "web",
                        14,
                        WEB,
                        "\"waiting\":{\"reason\":\"CrashLoopBackOff\"}},\"restartCount\":1,\"lastState\":{\"terminated\":"
                                + "{\"exitCode\":1,\"reason\":\"Error\",\"finishedAt\":\"2026-01-31T14:00:21Z\"}"));
        cluster.mark(PODS, CoverageMark.Kind.CONFIRMED, "14", "");
        to = cluster.time();
        try (TestNode node = new TestNode(directory, "n1")) {
            node.flow("connected", "uid-web", at(begin, 1), WEB, DB, 5432)
                    .flow("connected", "uid-web", at(begin, 2), WEB, DB, 5432)
                    .flow("failed", "uid-web", at(begin, 10), WEB, DB, 5432)
                    .exit("uid-web", at(begin, 11), "web", 1)
                    .exit("uid-web", at(begin, 11), "web", 2)
                    .exit("uid-ledger", at(begin, 12), "ledger", 0)
                    .exit("", at(begin, 13), "cron", 0)
                    .flow("accepted", "uid-ledger", at(begin, 14), "10.1.0.2", WEB, 9)
                    .used("pod", "uid-web", "", at(begin, 20), 5_000_000, 7 << 20)
                    .used("node", "", "", at(begin, 20), 9_000_000, 1 << 30)
                    .gap(at(begin, 15), "the ring was full");
        }
        recording = cluster.open();
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
        console = new ConsoleClient(server);
    }

    private static long at(long begin, int seconds) {
        return begin + seconds * TestCluster.SECOND;
    }

    private static String object(String kind, String namespace, String name, int version, String rest) {
        return "{\"kind\":\"" + kind + "\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"" + namespace + "\",\"uid\":\"uid-" + name + "\",\"resourceVersion\":\"" + version
                + "\"}," + rest + "}";
    }

    private static String pod(String namespace, String name, int version, String address, String state) {
        return object(
                "Pod",
                namespace,
                name,
                version,
                "\"spec\":{\"nodeName\":\"n1\",\"containers\":[{\"name\":\"app\"}]},\"status\":{\"phase\":\"Running\","
                        + "\"podIPs\":[{\"ip\":\"" + address
                        + "\"}],\"containerStatuses\":[{\"name\":\"app\",\"state\":{" + state
                        + "}}]}");
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        recording.close();
        cluster.close();
    }

    private JsonNode read(String endpoint, String query) throws Exception {
        JsonNode answer = console.read(endpoint + "?" + query);
        Described described = new Described(console.get("api/openapi.json").body());
        assertThat(described.check(endpoint, answer)).as("as described").isEmpty();
        return answer;
    }

    private static List<String> texts(Iterable<JsonNode> rows, String... fields) {
        List<String> texts = new ArrayList<>();
        for (JsonNode row : rows) {
            List<String> values = new ArrayList<>();
            for (String field : fields) {
                values.add(row.path(field).asText("-"));
            }
            texts.add(String.join(" ", values));
        }
        return texts;
    }

    private String stretch() {
        return "from=" + from + "&to=" + to;
    }

    @Test
    void processesAreToldWithNamesAndWhatWasLost() throws Exception {
        JsonNode answer = read("processes", stretch());
        assertThat(texts(answer.path("events"), "namespace", "pod", "kind", "trouble"))
                .containsExactly(
                        "shop web failed true",
                        "shop web exit true",
                        "shop web exit true",
                        "bank ledger exit false",
                        "- - exit false",
                        "- - gap true");
        assertThat(texts(read("processes", stretch() + "&namespace=bank").path("events"), "pod", "kind"))
                .as("a gap may be of anybody")
                .containsExactly("ledger exit", "- gap");
        assertThat(texts(
                        read("processes", stretch() + "&target=web&trouble=true")
                                .path("events"),
                        "what"))
                .contains("connection to services/shop/db:5432 (10.96.0.7) failed: refused");
        assertThat(console.ask("processes?" + stretch() + "&target=nobody").statusCode())
                .isEqualTo(404);
        assertThat(console.ask("processes?" + stretch() + "&after=never").statusCode())
                .isEqualTo(400);
    }

    @Test
    void pagesGoOnWhereTheLastOneEndedAlsoWithinOneInstant() throws Exception {
        List<String> pages = new ArrayList<>();
        String after = "";
        int count = 0;
        do {
            JsonNode page = read("processes", stretch() + "&limit=2" + (after.isEmpty() ? "" : "&after=" + after));
            pages.addAll(texts(page.path("events"), "time", "what"));
            after = page.path("next").asText();
            count++;
        } while (!after.isEmpty());
        assertThat(count).isEqualTo(3);
        assertThat(pages).isEqualTo(texts(read("processes", stretch()).path("events"), "time", "what"));
        JsonNode latest = read("processes", stretch() + "&limit=2&latest=true");
        assertThat(texts(latest.path("events"), "time", "what")).isEqualTo(pages.subList(4, 6));
        assertThat(latest.path("omitted").asInt()).isEqualTo(4);
    }

    @Test
    void connectionsOfAServiceHaveBothEndsByName() throws Exception {
        JsonNode answer = read("flows", stretch() + "&namespace=shop&target=db");
        assertThat(texts(answer.path("flows"), "pod", "kind", "remote"))
                .containsExactly(
                        "web connected services/shop/db:5432 (10.96.0.7)",
                        "web connected services/shop/db:5432 (10.96.0.7)",
                        "web failed services/shop/db:5432 (10.96.0.7)");
        assertThat(answer.path("flows").path(0).path("remoteObject").toString())
                .isEqualTo("{\"resource\":\"services\",\"namespace\":\"shop\",\"name\":\"db\"}");
        assertThat(read("flows", stretch() + "&trouble=true").path("flows")).hasSize(1);
    }

    @Test
    void usageIsThatOfTheLastSamples() throws Exception {
        String moment = "t=" + to;
        assertThat(texts(read("usage", moment + "&kind=pod").path("usage"), "name", "cpu_nanocores"))
                .containsExactly("web 5000000");
        assertThat(texts(read("usage", moment + "&kind=node").path("usage"), "name", "working_set_bytes"))
                .containsExactly("n1 1073741824");
        assertThat(console.ask("usage?" + moment + "&kind=cat").statusCode()).isEqualTo(400);
    }

    @Test
    void topologyHasConnectionsAsEdges() throws Exception {
        JsonNode answer = read("topology", "t=" + to);
        List<String> edges = new ArrayList<>();
        for (JsonNode edge : answer.path("edges")) {
            if (edge.path("type").asText().equals("flow")) {
                JsonNode nodes = answer.path("nodes");
                edges.add(nodes.path(edge.path("from").asInt()).path("name").asText() + " -> "
                        + nodes.path(edge.path("to").asInt()).path("name").asText() + ": "
                        + texts(List.of(edge), "count", "failed", "bytes"));
            }
        }
        assertThat(edges).containsExactly("web -> db: [2 1 200]", "web -> ledger: [1 0 100]");
    }

    @Test
    void theTimelineOfAPodHasItsCrashesAndWhatIsRecordedIsSaid() throws Exception {
        String console = "timeline?" + stretch() + "&resources=pods&namespace=shop&name=web";
        assertThat(texts(this.console.read(console).path("entries"), "what")).contains("process", "changed");
        JsonNode plugin = TestClient.json(
                TestClient.analysis(server, "timeline", from, to).get("?resource=pods&namespace=shop&name=web"));
        assertThat(texts(plugin.path("entries"), "what", "text"))
                .contains(
                        "process web (pid 7) exited with 1, at most 0 MiB",
                        "process connection to 10.96.0.7:5432 failed: refused");
        JsonNode recorded = this.console.read("recording").path("recorded");
        for (String what : List.of("flows", "processes", "usage")) {
            assertThat(recorded.path(what).path("recorded").asBoolean())
                    .as(what)
                    .isTrue();
        }
        assertThat(recorded.path("logs").path("reason").asText()).contains("--logs");
    }

    @Test
    void theCauseOfACrashIsProvenByWhatTheKernelSaw() throws Exception {
        JsonNode why = console.read("why?t=" + to + "&resource=pods&namespace=shop&name=web");
        assertThat(why.toString()).contains("exited with 1");
    }
}
