/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.api.ApiServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents as API servers write them, over HTTP. */
class DiscoveryTest {

    private static final String APISERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

    private static final String VERBS = "\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"watch\"]";
    private static final String AGGREGATED_CORE = """
            {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{"metadata":
            {"creationTimestamp":null},"versions":[{"version":"v1","resources":[
            {"resource":"pods","responseKind":{"group":"","version":"","kind":"Pod"},"scope":"Namespaced",%1$s,
             "subresources":[{"subresource":"log","responseKind":{"kind":"Pod"},"verbs":["get"]}]},
            {"resource":"nodes","responseKind":{"kind":"Node"},"scope":"Cluster",%1$s},
            {"resource":"bindings","responseKind":{"kind":"Binding"},"scope":"Namespaced","verbs":["create"]},
            {"resource":"componentstatuses","responseKind":{"kind":"ComponentStatus"},"scope":"Cluster","verbs":["get","list"]}
            ],"freshness":"Current"}]}]}""".formatted(VERBS);
    private static final String AGGREGATED_GROUPS = """
            {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[
            {"metadata":{"name":"autoscaling"},"versions":[
              {"version":"v2","resources":[{"resource":"horizontalpodautoscalers","responseKind":
               {"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced",%1$s}],"freshness":"Current"},
              {"version":"v1","resources":[{"resource":"horizontalpodautoscalers","responseKind":
               {"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced",%1$s},
               {"resource":"old","responseKind":{"kind":"Old"},"scope":"Cluster",%1$s}],"freshness":"Current"}]},
            {"metadata":{"name":"events.k8s.io"},"versions":[{"version":"v1","resources":[{"resource":"events",
               "responseKind":{"kind":"Event"},"scope":"Namespaced",%1$s}],"freshness":"Current"}]},
            {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}]}""".formatted(VERBS);

    private final Map<String, String> documents = new ConcurrentHashMap<>();
    private final Map<String, String> accepted = new ConcurrentHashMap<>();
    private HttpServer http;
    private KubernetesClient client;
    private ApiServer server;
    private Discovery discovery;

    @BeforeEach
    void serve() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        documents.put(APISERVICES, "{\"items\":[]}");
        http.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + http.getAddress().getPort())
                        .build())
                .build();
        server = new ApiServer(client);
        discovery = new Discovery(server);
    }

    @AfterEach
    void end() {
        server.close();
        client.close();
        http.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            accepted.put(path, exchange.getRequestHeaders().getFirst("Accept"));
            String document = documents.get(path);
            byte[] body = (document == null
                            ? "{\"kind\":\"Status\",\"message\":\"the server is unavailable\"}"
                            : document)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(document == null ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Test
    void aggregatedDocumentsNameWhatCanBeWatchedInItsPreferredVersion() throws Exception {
        documents.put("/api", AGGREGATED_CORE);
        documents.put("/apis", AGGREGATED_GROUPS);
        Discovery.Found found = discovery.read();
        assertThat(found.resources().values())
                .containsExactlyInAnyOrder(
                        new ServedResource(new ResourceType("", "pods"), "v1", "Pod", true, ""),
                        new ServedResource(new ResourceType("", "nodes"), "v1", "Node", false, ""),
                        new ServedResource(
                                new ResourceType("autoscaling", "horizontalpodautoscalers"),
                                "v2",
                                "HorizontalPodAutoscaler",
                                true,
                                ""),
                        new ServedResource(new ResourceType("autoscaling", "old"), "v1", "Old", false, ""));
        found.resources()
                .forEach((type, resource) -> assertThat(resource.type()).isEqualTo(type));
        assertThat(accepted.keySet()).containsExactlyInAnyOrder(APISERVICES, "/api", "/apis");
        assertThat(accepted.get("/apis")).contains("as=APIGroupDiscoveryList").endsWith(",application/json");
    }

    @Test
    void whatAnAggregatedApiServerKeepsIsToldApart() throws Exception {
        documents.put("/api", AGGREGATED_CORE);
        documents.put("/apis", AGGREGATED_GROUPS);
        documents.put(APISERVICES, """
                {"items":[
                 {"spec":{"group":"autoscaling","version":"v1","service":{"namespace":"kube-system","name":"scaler"}}},
                 {"spec":{"group":"autoscaling","version":"v2"}}]}""");
        assertThat(discovery.read().resources().values())
                .filteredOn(resource -> !resource.isInEtcd())
                .containsExactly(new ServedResource(
                        new ResourceType("autoscaling", "old"), "v1", "Old", false, "kube-system/scaler"));
    }

    @Test
    void aGroupWhoseServerIsSilentIsAProblemNotAGroupWithoutResources() throws Exception {
        documents.put("/api", AGGREGATED_CORE);
        documents.put("/apis", AGGREGATED_GROUPS);
        assertThat(discovery.read().problems())
                .isEqualTo(Map.of("metrics.k8s.io", "metrics.k8s.io/v1beta1 does not answer"));
    }

    @Test
    void documentsAreKeptByteForByte() throws Exception {
        documents.put("/api", AGGREGATED_CORE);
        documents.put("/apis", AGGREGATED_GROUPS);
        Map<String, byte[]> kept = discovery.read().documents();
        assertThat(kept).containsOnlyKeys("api;as=APIGroupDiscoveryList", "apis;as=APIGroupDiscoveryList");
        assertThat(new String(kept.get("api;as=APIGroupDiscoveryList"), StandardCharsets.UTF_8))
                .isEqualTo(AGGREGATED_CORE);
    }

    @Test
    void plainDocumentsAreReadWhereThereAreNoAggregatedOnes() throws Exception {
        documents.put("/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
        documents.put("/api/v1", """
                {"kind":"APIResourceList","groupVersion":"v1","resources":[
                {"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod",%1$s},
                {"name":"pods/log","namespaced":true,"kind":"Pod","verbs":["get"]},
                {"name":"pods/strange","namespaced":true,"kind":"Pod",%1$s},
                {"name":"componentstatuses","namespaced":false,"kind":"ComponentStatus","verbs":["get","list"]}]}""".formatted(VERBS));
        documents.put("/apis", """
                {"kind":"APIGroupList","apiVersion":"v1","groups":[
                {"name":"apps","versions":[{"groupVersion":"apps/v1beta1","version":"v1beta1"},
                 {"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}},
                {"name":"broken.test","versions":[{"groupVersion":"broken.test/v1","version":"v1"}],
                 "preferredVersion":{"groupVersion":"broken.test/v1","version":"v1"}}]}""");
        for (String version : new String[] {"v1beta1", "v1"}) {
            documents.put("/apis/apps/" + version, """
                    {"kind":"APIResourceList","groupVersion":"apps/%s","resources":[
                    {"name":"deployments","namespaced":true,"kind":"Deployment",%s}]}""".formatted(version, VERBS));
        }
        Discovery.Found found = discovery.read();
        assertThat(found.resources().values())
                .containsExactlyInAnyOrder(
                        new ServedResource(new ResourceType("", "pods"), "v1", "Pod", true, ""),
                        new ServedResource(new ResourceType("apps", "deployments"), "v1", "Deployment", true, ""));
        assertThat(found.problems())
                .isEqualTo(Map.of("broken.test", "broken.test/v1 does not answer: the server is unavailable"));
        assertThat(found.documents()).containsOnlyKeys("api/v1", "apis/apps/v1", "apis/apps/v1beta1");
    }

    @Test
    void aServerThatDoesNotAnswerServesNothingThatCouldBeBelieved() {
        documents.put("/api", AGGREGATED_CORE);
        assertThatThrownBy(() -> discovery.read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the server is unavailable");
    }

    @Test
    void pathsAreThoseOfLists() {
        assertThat(new ServedResource(new ResourceType("", "pods"), "v1", "Pod", true, ""))
                .extracting(ServedResource::path, ServedResource::apiVersion)
                .containsExactly("/api/v1/pods", "v1");
        assertThat(new ServedResource(new ResourceType("apps", "deployments"), "v1", "Deployment", true, ""))
                .extracting(ServedResource::path, ServedResource::apiVersion)
                .containsExactly("/apis/apps/v1/deployments", "apps/v1");
    }
}
