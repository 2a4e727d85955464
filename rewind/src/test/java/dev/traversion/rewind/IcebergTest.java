/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.part.VersionsSchema;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The catalog as an engine asks it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IcebergTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final String TABLES = "namespaces/" + TestCluster.ID + "/tables";

    private Store store;
    private Recording recording;
    private RewindServer server;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        TestCluster cluster = new TestCluster(directory);
        cluster.mark(CONFIG_MAPS, CoverageMark.Kind.OPENED, "10", "");
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 11, "one"));
        // Sealed, so that there are tables.
        cluster.close();
        store = Stores.open(directory.resolve("recording").toString());
        recording = Recording.open(store, TestCluster.ID, RecordingOptions.defaults());
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        recording.close();
        store.close();
    }

    private HttpResponse<String> ask(String method, String path, String token) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/iceberg/v1/" + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private JsonNode get(String path, int status) throws Exception {
        HttpResponse<String> answer = ask("GET", path, server.token());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void itHasANamespaceForEachClusterAndTheTablesThatWereCommitted() throws Exception {
        assertThat(get("config?warehouse=any", 200).path("endpoints").toString())
                .contains("GET /v1/{prefix}/namespaces");
        assertThat(get("namespaces", 200).toString()).isEqualTo("{\"namespaces\":[[\"" + TestCluster.ID + "\"]]}");
        assertThat(get("namespaces?parent=" + TestCluster.ID, 200).path("namespaces"))
                .isEmpty();
        assertThat(get("namespaces/" + TestCluster.ID, 200)
                        .path("namespace")
                        .path(0)
                        .asText())
                .isEqualTo(TestCluster.ID);
        List<String> names = new ArrayList<>();
        get(TABLES, 200)
                .path("identifiers")
                .forEach(table -> names.add(table.path("name").asText()));
        assertThat(names).containsExactly("versions", "coverage");
    }

    @Test
    void aTableHasTheColumnsWithTheIdsOfItsFiles() throws Exception {
        JsonNode table = get(TABLES + "/versions", 200);
        JsonNode metadata = table.path("metadata");
        assertThat(table.path("metadata-location").asText())
                .startsWith("file:///")
                .endsWith(".metadata.json");
        assertThat(metadata.path("current-snapshot-id").asLong()).isPositive();
        List<String> columns = new ArrayList<>();
        for (JsonNode schema : metadata.path("schemas")) {
            if (schema.path("schema-id").equals(metadata.path("current-schema-id"))) {
                schema.path("fields")
                        .forEach(field -> columns.add(field.path("id").asInt() + " "
                                + field.path("name").asText()));
            }
        }
        assertThat(columns)
                .isEqualTo(VersionsSchema.TABLE.columns().stream()
                        .map(column -> column.fieldId() + " " + column.name())
                        .toList())
                .contains("17 body");
    }

    @Test
    void whatIsNotThereOrNotAllowedIsSaidAsIcebergSaysIt() throws Exception {
        assertThat(get(TABLES + "/wal", 404).path("error").path("type").asText())
                .isEqualTo("NoSuchTableException");
        assertThat(get(TABLES + "/usage", 404).path("error").path("type").asText())
                .as("of which nothing was recorded")
                .isEqualTo("NoSuchTableException");
        assertThat(get("namespaces/none/tables", 404).path("error").path("type").asText())
                .isEqualTo("NoSuchNamespaceException");
        assertThat(get("views", 404).path("error").path("code").asInt()).isEqualTo(404);
        assertThat(ask("HEAD", TABLES + "/versions", server.token()).statusCode())
                .isEqualTo(204);
        assertThat(ask("HEAD", TABLES + "/usage", server.token()).statusCode()).isEqualTo(404);
        assertThat(ask("POST", TABLES, server.token()).statusCode()).isEqualTo(405);
        assertThat(ask("DELETE", TABLES + "/versions", server.token()).statusCode())
                .isEqualTo(405);
        assertThat(ask("GET", TABLES, "another").statusCode()).isEqualTo(401);
    }
}
