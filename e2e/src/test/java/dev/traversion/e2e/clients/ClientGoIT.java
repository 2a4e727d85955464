/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.recording.ApiClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs built with client-go read a moment as they read a cluster. */
@Tag("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientGoIT {

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final ObjectMapper JSON = new ObjectMapper();

    private ServedRecording recording;
    private String program;
    private List<String> pods;

    @BeforeAll
    void serve(@TempDir Path directory) throws Exception {
        program = run(Map.of(), ROOT.resolve("e2e/cluster/cluster.sh").toString(), "path", "client-go")
                .strip();
        recording = ServedRecording.afterTheIncident(directory);
        try (ApiClient plain = new ApiClient(recording.kubeconfig())) {
            pods = names(JSON.readTree(plain.get("/api/v1/namespaces/" + ServedRecording.NAMESPACE + "/pods")
                    .body()));
        }
        assertThat(pods).isNotEmpty();
    }

    @AfterAll
    void stop() {
        recording.close();
    }

    @Test
    void typedClientsThatPreferProtobufGetJson() throws Exception {
        Map<String, JsonNode> steps = read("typed", Map.of());

        assertThat(strings(steps.get("list").path("names"))).isEqualTo(pods);
        assertThat(steps.get("list").path("negotiated").asText())
                .isEqualTo("HTTP/1.1 application/vnd.kubernetes.protobuf,application/json application/json");
        assertThat(strings(steps.get("labels").path("names"))).isNotEmpty().allSatisfy(name -> assertThat(name)
                .startsWith(steps.get("labels").path("app").asText() + "-"));
        assertThat(strings(steps.get("fields").path("names"))).isEqualTo(pods);
        assertThat(steps.get("get").path("same").asBoolean()).isTrue();
        assertThat(failure(steps.get("absent"))).isEqualTo("404 NotFound pods \"no-such-pod\" not found");
        assertThat(failure(steps.get("write")))
                .startsWith("405 MethodNotAllowed")
                .contains("read-only");
    }

    @Test
    void typedClientsThatTakeOnlyProtobufAreToldWhatThereIs() throws Exception {
        assertThat(failure(read("protobuf", Map.of()).get("list")))
                .isEqualTo("406 NotAcceptable only the following media types are accepted: application/json,"
                        + " application/yaml");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void informersHoldWhatAListHolds(boolean streaming) throws Exception {
        JsonNode synced = read("informer", Map.of("KUBE_FEATURE_WatchListClient", Boolean.toString(streaming)))
                .get("synced");

        assertThat(strings(synced.path("names")))
                .containsExactlyInAnyOrderElementsOf(pods.stream()
                        .map(name -> ServedRecording.NAMESPACE + "/" + name)
                        .toList());
        assertThat(synced.path("requests").path(0).asText().contains("sendInitialEvents=true"))
                .isEqualTo(streaming);
    }

    @Test
    void everyResourceThatDiscoveryNamesCanBeListed() throws Exception {
        Map<String, JsonNode> steps = read("dynamic", Map.of());

        assertThat(steps.get("mapping").path("resource").asText()).isEqualTo("apps/v1, Resource=deployments");
        assertThat(steps.keySet()).noneMatch(step -> step.startsWith("failed"));
    }

    @Test
    void metadataClientsGetMetadataOnly() throws Exception {
        Map<String, JsonNode> steps = read("metadata", Map.of());

        assertThat(strings(steps.get("list").path("names"))).isEqualTo(pods);
        assertThat(steps.get("list").path("itemKind").asText()).isEqualTo("PartialObjectMetadata");
        assertThat(steps.get("watch").path("events").path("ADDED").asInt()).isEqualTo(pods.size());
    }

    @Test
    void pagersGetAllPagesAndStartAnewAfterAForeignToken() throws Exception {
        Map<String, JsonNode> steps = read("pager", Map.of());

        assertThat(steps.get("pager").path("pages").size()).isGreaterThan(2);
        assertThat(failure(steps.get("foreign"))).startsWith("410 Expired");
        assertThat(failure(steps.get("rubbish"))).startsWith("400 BadRequest");
        assertThat(steps.get("fallback").path("names"))
                .isEqualTo(steps.get("pager").path("names"));
    }

    @Test
    void resourceVersionsMeanWhatTheyMeanInACluster() throws Exception {
        Map<String, JsonNode> steps = read("versions", Map.of());

        for (String served : List.of("= ", "=0 ", "=0 NotOlderThan", "=current Exact", "=past NotOlderThan")) {
            assertThat(strings(steps.get("list " + served).path("names")))
                    .as(served)
                    .isEqualTo(pods);
        }
        assertThat(failure(steps.get("list =past Exact"))).startsWith("410 Expired");
        assertThat(failure(steps.get("list =future "))).startsWith("504 Timeout Timeout: Too large resource version");
        assertThat(steps.get("list =future Exact").path("tooLarge").asBoolean()).isTrue();
        assertThat(steps.get("watch unset").path("events").toString()).isEqualTo("{\"ADDED\":" + pods.size() + "}");
        assertThat(steps.get("watch current").path("events").toString()).isEqualTo("{\"BOOKMARK\":1}");
        assertThat(failure(steps.get("watch past"))).startsWith("410 Expired too old resource version: 1");
        assertThat(steps.get("watch future").path("events").isEmpty()).isTrue();
        assertThat(steps.get("stream =current").path("events").path("ADDED").asInt())
                .isEqualTo(pods.size());
        assertThat(steps.get("stream =future").path("tooLarge").asBoolean()).isTrue();
    }

    /** The lines it printed by their step; of a step that comes often, the last. */
    private Map<String, JsonNode> read(String mode, Map<String, String> environment) throws Exception {
        Map<String, JsonNode> steps = new LinkedHashMap<>();
        String output = run(
                environment,
                program,
                "--kubeconfig=" + recording.kubeconfig(),
                "--namespace=" + ServedRecording.NAMESPACE,
                "--mode=" + mode);
        for (String line : output.lines().toList()) {
            JsonNode step = JSON.readTree(line);
            steps.put(step.path("step").asText(), step);
        }
        return steps;
    }

    private static String run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        return output;
    }

    private static String failure(JsonNode step) {
        return step.path("code").asInt() + " " + step.path("reason").asText() + " "
                + step.path("message").asText();
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.path("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(each -> strings.add(each.asText()));
        return strings;
    }
}
