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

/** Diff and timeline as JSON. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnalysisTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");

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
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "b", 12, "one"));
        from = cluster.time();
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("other", "c", 15, "two"));
        cluster.modified(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 16, "two"));
        cluster.deleted(CONFIG_MAPS, TestDocuments.configMap("shop", "b", 17, "one"));
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

    private HttpResponse<String> ask(String what, String first, String second, String query) throws Exception {
        return TestClient.analysis(server, what, first, second).get(query);
    }

    private JsonNode read(String what, String query) throws Exception {
        HttpResponse<String> answer = ask(what, from, to, query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void aDiffNamesWhatCameWentAndChanged() throws Exception {
        JsonNode diff = read("diff", "");
        assertThat(diff.path("counts").toString()).isEqualTo("{\"added\":1,\"removed\":1,\"changed\":1}");
        JsonNode changed = read("diff", "?resource=configmaps&namespace=shop&name=a")
                .path("objects")
                .path(0);
        assertThat(changed.path("change").asText()).isEqualTo("changed");
        assertThat(changed.path("fields").toString()).contains("\"before\":\"one\",\"after\":\"two\"");
    }

    @Test
    void aTimelineIsInOrderAndLimitedToTheLatest() throws Exception {
        assertThat(read("timeline", "").path("entries"))
                .extracting(entry ->
                        entry.path("what").asText() + " " + entry.path("name").asText())
                .containsExactly("created c", "changed a", "deleted b");
        JsonNode limited = read("timeline", "?limit=1&tree=true&resource=configmaps&namespace=shop");
        assertThat(limited.path("entries")).hasSize(1);
        assertThat(limited.path("omitted").asInt()).isEqualTo(1);
    }

    @Test
    void whyAnswersForAnObjectAndForANamespace() throws Exception {
        JsonNode verdict = read("why", "?resource=configmaps&namespace=shop&name=a");
        assertThat(verdict.path("outcome").asText()).isEqualTo("healthy");
        assertThat(verdict.path("summary").asText())
                .isEqualTo("Nothing was wrong with ConfigMap shop/a in this stretch.");
        assertThat(read("why", "?namespace=shop").path("incidents")).isEmpty();
        assertThat(read("why", "").path("incidents")).isEmpty();
        assertThat(read("why", "?resource=configmaps").path("incidents")).isEmpty();
    }

    @Test
    void aTreeOfWhatNeverWasIsEmpty() throws Exception {
        assertThat(read("timeline", "?tree=true&resource=configmaps&namespace=shop&name=nobody")
                        .path("entries"))
                .isEmpty();
    }

    @Test
    void whatCannotBeAnsweredIsRefusedInASentence() throws Exception {
        assertThat(ask("diff", to, from, "").body()).contains("give the earlier one first");
        assertThat(ask("diff", "yesterday", to, "").body()).contains("is not a time");
        assertThat(ask("timeline", from, to, "?limit=0").body()).contains("is no number from 1 to 100000");
        assertThat(ask("timeline", from, to, "?resource=nonsense").body()).contains("nothing of the resource nonsense");
        assertThat(ask("diff", from, to, "/more").statusCode()).isEqualTo(404);
    }
}
