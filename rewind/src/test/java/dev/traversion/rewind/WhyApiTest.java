/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Why, asked through a server about what is in no namespace, about nothing in particular, and about what never was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhyApiTest {

    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final ResourceType NAMESPACES = new ResourceType("", "namespaces");

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;
    private String from;
    private String to;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        cluster.mark(NODES, CoverageMark.Kind.OPENED, "10", "");
        cluster.mark(NAMESPACES, CoverageMark.Kind.OPENED, "10", "");
        cluster.added(NAMESPACES, object("Namespace", "shop", 11, "True"));
        cluster.added(NODES, object("Node", "n1", 12, "True"));
        from = cluster.time();
        cluster.modified(NODES, object("Node", "n1", 13, "Unknown"));
        to = cluster.time();
        recording = cluster.open();
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        recording.close();
        cluster.close();
    }

    private static String object(String kind, String name, int version, String ready) {
        return "{\"kind\":\"" + kind + "\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name + "\",\"uid\":\"u-"
                + name
                + "\",\"resourceVersion\":\"" + version
                + "\",\"creationTimestamp\":\"2026-01-31T13:00:00Z\"},\"status\":{"
                + "\"conditions\":[{\"type\":\"Ready\",\"status\":\"" + ready
                + "\",\"reason\":\"R\",\"message\":\"m\"}]}}";
    }

    private JsonNode why(String query) throws Exception {
        HttpResponse<String> answer =
                TestClient.analysis(server, "why", from, to).get(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void aNodeIsFoundWhateverNamespaceSomebodyIsIn() throws Exception {
        for (String namespace : List.of("", "&namespace=shop")) {
            JsonNode symptom =
                    why("?resource=nodes&name=n1" + namespace).path("symptoms").path(0);
            assertThat(symptom.path("what").asText()).isEqualTo("node_not_ready");
            assertThat(symptom.path("object").path("name").asText()).isEqualTo("n1");
        }
    }

    @Test
    void withoutATargetAllThatWasWrongIsTold() throws Exception {
        assertThat(why("").path("incidents")).hasSize(1);
        assertThat(why("?resource=nodes").path("incidents")).hasSize(1);
        assertThat(why("?resource=namespaces").path("incidents")).isEmpty();
        assertThat(why("?namespace=shop").path("incidents")).isEmpty();
    }

    @Test
    void theConsoleIsToldTheSame() throws Exception {
        ConsoleClient console = new ConsoleClient(server);
        Described described = new Described(console.get("api/openapi.json").body());
        JsonNode all = console.read("why?t=" + to);
        assertThat(described.check("why", all)).as("as described").isEmpty();
        assertThat(all.path("incidents")).hasSize(1);
        assertThat(console.read("why?resource=namespaces&t=" + to).path("incidents"))
                .isEmpty();
        assertThat(console.read("why?resource=nodes&name=n1&t=" + to).path("symptoms"))
                .hasSize(1);
        assertThat(console.get("api/clusters/" + TestCluster.ID + "/why?namespace=shp&t=" + to)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatNeverWasIsSaidToBeAbsentAndANamespaceThatNeverWasIsRefused() throws Exception {
        assertThat(why("?resource=nodes&name=n2").path("outcome").asText()).isEqualTo("absent");
        HttpResponse<String> refused =
                TestClient.analysis(server, "why", from, to).get("?namespace=shp");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("no namespace shp", "namespaces/shop");
    }
}
