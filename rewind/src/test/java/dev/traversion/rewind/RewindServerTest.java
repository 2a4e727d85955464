/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewindServerTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");

    @TempDir
    Path directory;

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;

    @BeforeEach
    void record() throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        cluster.mark(CONFIG_MAPS, CoverageMark.Kind.OPENED, "10", "");
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 11, "one"));
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "b", 12, "two"));
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
    void listsAsTheApiServerFramesThem() throws Exception {
        HttpResponse<String> list = client().get("/api/v1/namespaces/shop/configmaps");

        assertThat(list.body())
                .isEqualTo(
                        "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"12\"},\"items\":["
                                + TestDocuments.configMap("shop", "a", 11, "one")
                                        .replace("\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",", "")
                                + ","
                                + TestDocuments.configMap("shop", "b", 12, "two")
                                        .replace("\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",", "")
                                + "]}\n");
    }

    @Test
    void refusesStrangers() throws Exception {
        JsonNode status = TestClient.json(new TestClient(server, cluster.time(), "wrong").get("/api/v1/configmaps"));

        assertThat(status.path("code").asInt()).isEqualTo(401);
        assertThat(status.path("reason").asText()).isEqualTo("Unauthorized");
    }

    private TestClient client() {
        return new TestClient(server, cluster.time(), server.token());
    }
}
