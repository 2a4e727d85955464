/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.WriterOptions;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.ApiClient.Answer;
import dev.traversion.e2e.recording.LiveRecording;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Requests that make no sense get the very answer that the API server gives. */
@Tag("differential")
@UsesControlPlane
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PODS = "/api/v1/namespaces/kube-system/pods";
    private static final String CONFIG_MAPS = "/api/v1/namespaces/kube-system/configmaps";

    private static final List<String> LABELS = List.of(
            "a=b=c",
            "a in (b",
            "a in b",
            "a in ()",
            "a notin",
            "!",
            "!a=b",
            "a==",
            "a=,b",
            ",",
            "a,,b",
            "-a=b",
            "a>x",
            "a>1,b<2",
            "a = b",
            "a/b/c=d",
            "example.com/a=b",
            "EXAMPLE.com/a",
            "a=b c",
            "a=" + "x".repeat(64),
            "x".repeat(64) + "=a",
            "(a)",
            "a in (b,c),d notin (e),!f,g",
            "ä=b",
            "a=ä",
            "a b",
            "in=in",
            "a in (in)",
            "notin");

    private static final List<String> FIELDS = List.of(
            "spec.foo=bar",
            "metadata.name",
            "metadata.name=",
            "metadata.name=a,metadata.name=b",
            "metadata.name!=a",
            "status.phase==Running",
            "status.phase in (Running)",
            "status.phase=Running,,spec.nodeName=x",
            "=x",
            "metadata.labels=x",
            "metadata.name=a\\,b",
            "metadata.name=a\\b",
            "metadata.name=a=b",
            ",");

    private static final List<String> QUERIES = List.of(
            "limit=abc",
            "limit=-1",
            "limit=99999999999999999999",
            "limit=1.5",
            "timeoutSeconds=abc",
            "continue=garbage",
            "continue=%25%25",
            "resourceVersion=abc",
            "resourceVersion=-1",
            "resourceVersion=0",
            "resourceVersion=99999999999",
            "resourceVersion=99999999999999999999",
            "resourceVersionMatch=Exact",
            "resourceVersionMatch=Foo",
            "resourceVersion=0&resourceVersionMatch=Exact",
            "resourceVersion=1&resourceVersionMatch=NotOlderThan&limit=1",
            "resourceVersion=5&continue=abc",
            "resourceVersionMatch=NotOlderThan&resourceVersion=1&continue=abc",
            "sendInitialEvents=true",
            "sendInitialEvents=maybe",
            "watch=maybe",
            "watch=true&sendInitialEvents=true",
            "watch=true&resourceVersionMatch=Exact&resourceVersion=1",
            "watch=true&resourceVersion=abc",
            "watch=true&fieldSelector=spec.foo%3Dbar",
            "watch=true&labelSelector=a%3Db%3Dc",
            "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=abc",
            "allowWatchBookmarks=maybe",
            "pretty=maybe",
            "unknown=parameter");

    /** Fields that some kind can be selected by, and some that none can. */
    private static final List<String> CANDIDATES = List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "spec.unschedulable",
            "spec.clusterIP",
            "spec.type",
            "spec.signerName",
            "spec.driver",
            "spec.poolName",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
            "status.replicas",
            "status.successful",
            "involvedObject.kind",
            "involvedObject.name",
            "regarding.name",
            "reason",
            "reportingComponent",
            "reportingController",
            "source",
            "type",
            "nothing");

    private static final List<String> PATHS = List.of(
            "/api/v1/namespaces/nowhere/pods",
            "/api/v1/namespaces/nowhere/pods/nobody",
            "/api/v1/namespaces/kube-system/pods/nobody",
            "/api/v1/namespaces/kube-system/pods/nobody/log",
            "/api/v1/namespaces/nowhere",
            "/api/v1/namespaces/kube-system/nothings",
            "/api/v1/nothings",
            "/api/v1/pods/x",
            "/api/v1/namespaces/kube-system/nodes",
            "/api/v1/nodes/nobody",
            "/api/v2",
            "/api/v2/pods",
            "/apis/nothing.example.com",
            "/apis/nothing.example.com/v1",
            "/apis/nothing.example.com/v1/things",
            "/apis/apps/v1/nothings",
            "/apis/apps/v9/deployments",
            "/apis/apps/v1/namespaces/kube-system/deployments/nobody",
            "/apis/apps/v1/namespaces/kube-system/deployments/nobody/scale",
            "/apis/apps/v1/namespaces/kube-system/deployments/nobody/nothing",
            "/nothing",
            "/api/v1/namespaces/kube-system/pods/..%2f..%2fx",
            "/openapi/v3/nothing");

    private ControlPlane plane;
    private LiveRecording recording;
    private ApiClient live;
    private ApiClient past;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        plane = ControlPlane.start(new String[0]);
        recording = new LiveRecording(
                plane.kubeconfig(), directory, 1, WriterOptions.of("test", directory.resolve("state")));
        live = new ApiClient(plane.kubeconfig());
        past = new ApiClient(recording.kubeconfig());
    }

    @AfterAll
    void stop() {
        past.close();
        live.close();
        recording.close();
        plane.close();
    }

    @Test
    void badRequestsGetTheAnswersOfTheApiServer() throws Exception {
        List<String> requests = new ArrayList<>(PATHS);
        LABELS.forEach(selector -> requests.add(CONFIG_MAPS + "?labelSelector=" + encoded(selector)));
        FIELDS.forEach(selector -> requests.add(PODS + "?fieldSelector=" + encoded(selector)));
        QUERIES.forEach(
                query -> requests.add(PODS + "?" + query + (query.contains("watch=") ? "&timeoutSeconds=1" : "")));
        assertThat(differences(requests)).isEmpty();
    }

    @Test
    void eachKindIsSelectedByTheFieldsTheApiServerKnowsOfIt() throws Exception {
        List<String> requests = new ArrayList<>();
        for (String path : listPaths()) {
            for (String field : CANDIDATES) {
                requests.add(path + "?fieldSelector=" + encoded(field + "=x"));
            }
        }
        assertThat(requests).hasSizeGreaterThan(1000);
        assertThat(differences(requests)).isEmpty();
    }

    /** Of every resource that can be listed. */
    private List<String> listPaths() throws Exception {
        List<String> roots = new ArrayList<>(List.of("/api/v1"));
        for (JsonNode group : JSON.readTree(live.get("/apis").body()).path("groups")) {
            for (JsonNode version : group.path("versions")) {
                roots.add("/apis/" + version.path("groupVersion").asText());
            }
        }
        List<String> paths = new ArrayList<>();
        for (String root : roots) {
            for (JsonNode resource : JSON.readTree(live.get(root).body()).path("resources")) {
                if (resource.path("verbs").toString().contains("\"watch\"")) {
                    paths.add(root + "/" + resource.path("name").asText());
                }
            }
        }
        return paths;
    }

    private List<String> differences(List<String> requests) throws Exception {
        List<String> differences = new ArrayList<>();
        for (String request : requests) {
            String server = text(live.get(request));
            String ours = text(past.get(request));
            if (!ours.equals(server)) {
                differences.add(request + "\n  live: " + server + "\n  past: " + ours);
            }
        }
        return differences;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Without what moves with the cluster, and without what a server finds wrong with a token that it did not make. */
    private static String text(Answer answer) {
        return answer.status() + " "
                + answer.body()
                        .replaceAll("\"resourceVersion\":\"\\d+\"", "\"resourceVersion\":\"\"")
                        .replaceAll("current: \\d+", "current: ")
                        .replaceAll("(continue key is not valid: ).*?\",\"reason", "$1\",\"reason")
                        .strip();
    }
}
