/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Recording;
import dev.traversion.archive.ResourceType;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Reads of fixed moments of a recording. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadingTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType WIDGETS = new ResourceType("demo.io", "widgets");
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final ResourceType SECRETS = new ResourceType("", "secrets");
    private static final ResourceType DEFINITIONS =
            new ResourceType("apiextensions.k8s.io", "customresourcedefinitions");
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private static final String WIDGET_WITH_DATA = """
            {"apiVersion":"demo.io/v1","data":{"before":"kind"},"kind":"Widget",\
            "metadata":{"name":"x","namespace":"shop","resourceVersion":"30","uid":"uid-x"}}""";

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;
    private String first;
    private String second;
    private String duringGap;
    private String last;
    private String end;

    @BeforeAll
    void record(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        cluster.added(DEFINITIONS, TestDocuments.widgetDefinition(5, ""));
        cluster.mark(CONFIG_MAPS, CoverageMark.Kind.OPENED, "10", "");
        cluster.mark(WIDGETS, CoverageMark.Kind.OPENED, "10", "namespaces recorded: shop, team-*");
        cluster.mark(
                EVENTS, CoverageMark.Kind.OPENED, "10", CoverageMark.BEST_EFFORT + ": served by kube-system/events");
        cluster.mark(SECRETS, CoverageMark.Kind.GAP, "", "listing is forbidden");
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 11, "one"));
        cluster.added(WIDGETS, TestDocuments.widget("shop", "w", 12, 3));
        cluster.added(EVENTS, TestDocuments.event("e1", 13, "p1"));
        cluster.added(EVENTS, TestDocuments.event("e2", 14, "p2"));
        first = cluster.time();
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("other", "c", 15, "two"));
        cluster.modified(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 16, "two"));
        cluster.added(CONFIG_MAPS, TestDocuments.configMap("shop", "b", 17, "two"));
        second = cluster.time();
        cluster.mark(CONFIG_MAPS, CoverageMark.Kind.CLOSED, "17", "the API server did not answer");
        duringGap = cluster.tick(TestCluster.SECOND).time();
        cluster.tick(10 * TestCluster.SECOND).mark(CONFIG_MAPS, CoverageMark.Kind.OPENED, "20", "");
        cluster.deleted(CONFIG_MAPS, TestDocuments.configMap("shop", "a", 21, "two"));
        cluster.mark(CONFIG_MAPS, CoverageMark.Kind.CONFIRMED, "22", "");
        last = cluster.time();
        cluster.added(WIDGETS, WIDGET_WITH_DATA);
        end = cluster.time();
        recording = cluster.open();
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        recording.close();
        cluster.close();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private TestClient at(String time) {
        return new TestClient(server, time, server.token());
    }

    @Test
    void builtInKindsAreListedAsTheApiServerFramesThem() throws Exception {
        assertThat(at(second).get("/api/v1/namespaces/shop/configmaps").body())
                .isEqualTo(
                        "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"17\"},\"items\":["
                                + TestDocuments.item(TestDocuments.configMap("shop", "a", 16, "two")) + ","
                                + TestDocuments.item(TestDocuments.configMap("shop", "b", 17, "two")) + "]}\n");
    }

    @Test
    void customResourcesAreListedInAlphabeticalOrder() throws Exception {
        assertThat(at(second).get("/apis/demo.io/v1/widgets").body())
                .isEqualTo("{\"apiVersion\":\"demo.io/v1\",\"items\":[" + TestDocuments.widget("shop", "w", 12, 3)
                        + "],\"kind\":\"WidgetList\",\"metadata\":{\"continue\":\"\",\"resourceVersion\":\"12\"}}\n");
        assertThat(at(second).get("/apis/demo.io/v1/namespaces/none/widgets").body())
                .isEqualTo(
                        "{\"apiVersion\":\"demo.io/v1\",\"items\":[],\"kind\":\"WidgetList\",\"metadata\":{\"continue\":\"\",\"resourceVersion\":\"12\"}}\n");
    }

    @Test
    void customResourcesMayHaveMembersBeforeTheirKind() throws Exception {
        assertThat(at(end).get("/apis/demo.io/v1/namespaces/shop/widgets/x").body())
                .contains(WIDGET_WITH_DATA);
        assertThat(at(end).get("/apis/demo.io/v1/widgets").body()).contains(WIDGET_WITH_DATA);
    }

    @Test
    void anObjectIsWhatItWasAtTheMoment() throws Exception {
        String path = "/api/v1/namespaces/shop/configmaps/a";

        assertThat(at(first).get(path).body()).isEqualTo(TestDocuments.configMap("shop", "a", 11, "one") + "\n");
        assertThat(at(second).get(path).body()).isEqualTo(TestDocuments.configMap("shop", "a", 16, "two") + "\n");
        assertThat(at(last).get(path).body())
                .isEqualTo(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"configmaps \\\"a\\\" not found\","
                                + "\"reason\":\"NotFound\",\"details\":{\"name\":\"a\",\"kind\":\"configmaps\"},\"code\":404}\n");
    }

    @Test
    void pagesOfAListShowOneMomentAndCountWhatIsLeft() throws Exception {
        JsonNode page = TestClient.json(at(second).get("/api/v1/configmaps?limit=1"));
        assertThat(page.path("metadata").path("remainingItemCount").asInt()).isEqualTo(2);

        List<String> names = new ArrayList<>();
        String token = "";
        do {
            page = TestClient.json(at(second).get("/api/v1/configmaps?limit=1&continue=" + token));
            page.path("items")
                    .forEach(item -> names.add(item.at("/metadata/name").asText()));
            assertThat(page.at("/metadata/resourceVersion").asText()).isEqualTo("17");
            token = page.at("/metadata/continue").asText("");
        } while (!token.isEmpty());

        assertThat(names).containsExactly("c", "a", "b");
    }

    @Test
    void pagesOfAnotherMomentAreRefused() throws Exception {
        String token = TestClient.json(at(second).get("/api/v1/configmaps?limit=1"))
                .path("metadata")
                .path("continue")
                .asText();
        assertThat(at(second).get("/api/v1/configmaps?continue=" + token).statusCode())
                .isEqualTo(200);
        assertThat(status(at(last).get("/api/v1/configmaps?continue=" + token)))
                .startsWith("410 Expired: The provided continue parameter is of another moment.");
    }

    @Test
    void pagesOfASelectionEndWithIt() throws Exception {
        JsonNode page = TestClient.json(at(second).get("/api/v1/configmaps?limit=2&labelSelector=value%3Dtwo"));
        assertThat(page.path("items")).hasSize(2);
        JsonNode rest = TestClient.json(at(second)
                .get("/api/v1/configmaps?limit=2&labelSelector=value%3Dtwo&continue="
                        + page.at("/metadata/continue").asText()));
        assertThat(rest.path("items")).hasSize(1);
        assertThat(rest.at("/metadata/continue").asText("")).isEmpty();
    }

    @Test
    void exactVersionsAreServedAsTheyWere() throws Exception {
        JsonNode list =
                TestClient.json(at(last).get("/api/v1/configmaps?resourceVersion=15&resourceVersionMatch=Exact"));

        assertThat(list.at("/metadata/resourceVersion").asText()).isEqualTo("15");
        assertThat(list.path("items")).hasSize(2);
        assertThat(list.at("/items/1/data/k").asText()).isEqualTo("one");
    }

    @Test
    void versionsOutsideTheMomentAreRefusedAsByTheApiServer() throws Exception {
        assertThat(status(at(first).get("/api/v1/configmaps?resourceVersion=16")))
                .isEqualTo("504 Timeout: Timeout: Too large resource version: 16, current: 11");
        assertThat(status(at(first).get("/api/v1/configmaps?resourceVersion=2&resourceVersionMatch=Exact")))
                .startsWith("410 Expired: The resourceVersion for the provided list is too old");
        assertThat(status(at(first).get("/api/v1/configmaps?continue=abc")))
                .startsWith("400 BadRequest: invalid continue token");
        String live = base64("{\"v\":\"meta.k8s.io/v1\",\"rv\":17,\"start\":\"shop/a\\u0000\"}");
        assertThat(status(at(last).get("/api/v1/configmaps?limit=1&continue=" + live)))
                .as("a token of the live cluster, so that clients begin anew")
                .startsWith("410 Expired: The provided continue parameter is too old");
        assertThat(status(at(first).get("/api/v1/configmaps?resourceVersionMatch=Exact")))
                .isEqualTo("422 Invalid: ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden:"
                        + " resourceVersionMatch is forbidden unless resourceVersion is provided");
    }

    @Test
    void tablesHaveTheColumnsAndTheMetadata() throws Exception {
        JsonNode table = TestClient.json(at(second).get("/api/v1/namespaces/shop/configmaps", "Accept", TABLE));

        assertThat(table.path("kind").asText()).isEqualTo("Table");
        assertThat(table.at("/rows/0/cells").toString()).isEqualTo("[\"a\",1,\"60m\"]");
        assertThat(table.at("/rows/0/object/kind").asText()).isEqualTo("PartialObjectMetadata");
        JsonNode bare = TestClient.json(at(second).get("/apis/demo.io/v1/widgets?includeObject=None", "Accept", TABLE));
        assertThat(bare.at("/rows/0").toString()).isEqualTo("{\"cells\":[\"w\",3],\"object\":null}");
    }

    @Test
    void metadataAloneIsInTheOrderOfTheTypedApi() throws Exception {
        assertThat(at(second)
                        .get(
                                "/apis/demo.io/v1/namespaces/shop/widgets/w",
                                "Accept",
                                "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")
                        .body())
                .isEqualTo(
                        "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"name\":\"w\",\"namespace\":\"shop\","
                                + "\"uid\":\"u-w\",\"resourceVersion\":\"12\",\"creationTimestamp\":\"2026-01-31T13:00:00Z\"}}\n");
    }

    @Test
    void formsThatCannotBeHadArePassedOverOrRefused() throws Exception {
        assertThat(at(second)
                        .get("/api/v1/configmaps", "Accept", "application/vnd.kubernetes.protobuf,application/json")
                        .headers()
                        .firstValue("Content-Type"))
                .contains("application/json");
        assertThat(status(at(second).get("/api/v1/configmaps", "Accept", "application/vnd.kubernetes.protobuf")))
                .isEqualTo(
                        "406 NotAcceptable: only the following media types are accepted: application/json, application/yaml");
        assertThat(at(second)
                        .get("/api/v1/namespaces/shop/configmaps/b", "Accept", "application/yaml")
                        .body())
                .startsWith("apiVersion: v1\ndata:\n  k: two\nkind: ConfigMap\n");
    }

    @Test
    void eventsAreServedInBothGroups() throws Exception {
        JsonNode list = TestClient.json(
                at(second).get("/apis/events.k8s.io/v1/namespaces/shop/events?fieldSelector=regarding.name%3Dp2"));

        assertThat(list.path("kind").asText()).isEqualTo("EventList");
        assertThat(list.path("apiVersion").asText()).isEqualTo("events.k8s.io/v1");
        assertThat(list.path("items")).hasSize(1);
        assertThat(list.at("/items/0").toString())
                .isEqualTo(
                        "{\"metadata\":{\"name\":\"e2\",\"namespace\":\"shop\",\"uid\":\"u-e2\",\"resourceVersion\":\"14\"},\"eventTime\":null,"
                                + "\"reason\":\"Started\",\"regarding\":{\"kind\":\"Pod\",\"name\":\"p2\"},\"note\":\"it runs\",\"type\":\"Normal\","
                                + "\"deprecatedSource\":{\"component\":\"kubelet\"},\"deprecatedFirstTimestamp\":\"2026-01-31T13:00:00Z\","
                                + "\"deprecatedLastTimestamp\":\"2026-01-31T13:00:00Z\",\"deprecatedCount\":1}");
    }

    @Test
    void versionsOfACustomResourceThatDifferInNameOnlyAreServed() throws Exception {
        JsonNode list = TestClient.json(at(second).get("/apis/demo.io/v1beta1/widgets"));

        assertThat(list.at("/items/0/apiVersion").asText()).isEqualTo("demo.io/v1beta1");
        assertThat(list.at("/items/0/spec/size").asInt()).isEqualTo(3);
    }

    @Test
    void customResourcesAreSelectedByTheFieldsTheyDeclare() throws Exception {
        assertThat(TestClient.json(at(second).get("/apis/demo.io/v1/widgets?fieldSelector=spec.size%3D3"))
                        .path("items"))
                .hasSize(1);
        assertThat(status(at(second).get("/apis/demo.io/v1/widgets?fieldSelector=spec.foo%3D3")))
                .isEqualTo("400 BadRequest: field label not supported: spec.foo");
    }

    @Test
    void gapsAreWarnedOf() throws Exception {
        assertThat(warning(at(second).get("/api/v1/configmaps"))).isEmpty();
        assertThat(warning(at(duringGap).get("/api/v1/configmaps")))
                .startsWith("299 - \"traversion: configmaps was not observed from 2026-01-31T14:00:")
                .contains("the API server did not answer; showing the last known state as of ");
        assertThat(warning(at(duringGap).get("/api/v1/namespaces/shop/configmaps/a")))
                .contains("the API server did not answer");
        assertThat(warning(at(last).get("/api/v1/configmaps"))).isEmpty();
    }

    @Test
    void whatIsRecordedAsBestEffortCarriesAWarning() throws Exception {
        assertThat(warning(at(first).get("/api/v1/events")))
                .contains("events is recorded with best effort: served by kube-system/events; changes may be missing");
    }

    @Test
    void namespacesThatAreLeftOutCarryAWarning() throws Exception {
        String widgets = "/apis/demo.io/v1/%swidgets";

        assertThat(warning(at(first).get(widgets.formatted("namespaces/shop/"))))
                .isEmpty();
        assertThat(warning(at(first).get(widgets.formatted("namespaces/bank/"))))
                .contains("widgets.demo.io is not recorded in the namespace bank (namespaces recorded: shop, team-*);"
                        + " nothing is known of it");
        assertThat(warning(at(first).get(widgets.formatted(""))))
                .contains("widgets.demo.io is not recorded in every namespace (namespaces recorded: shop, team-*)");
    }

    @Test
    void whatWasNeverRecordedIsEmptyWithAWarning() throws Exception {
        HttpResponse<String> list = at(second).get("/api/v1/secrets");

        assertThat(TestClient.json(list).path("items")).isEmpty();
        assertThat(warning(list))
                .isEqualTo(
                        "299 - \"traversion: secrets was never recorded: listing is forbidden; nothing is known of it\"");
    }

    @Test
    void timesOutsideTheRecordingNameItsRange() throws Exception {
        String range = " of the recording of cluster " + TestCluster.ID + ", which reaches from ";

        assertThat(status(at("2020-01-01T00:00:00Z").get("/api/v1/configmaps")))
                .startsWith("400 BadRequest: 2020-01-01T00:00:00Z is before the start" + range);
        assertThat(status(at("2030-01-01T00:00:00Z").get("/api")))
                .startsWith("400 BadRequest: 2030-01-01T00:00:00Z is after the end" + range);
        assertThat(status(at("yesterday").get("/api"))).startsWith("400 BadRequest: \"yesterday\" is not a time");
    }

    @Test
    void discoveryOffersOnlyWhatCanBeRead() throws Exception {
        JsonNode aggregated = TestClient.json(at(second)
                .get(
                        "/api",
                        "Accept",
                        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"));
        List<String> resources = new ArrayList<>();
        for (JsonNode resource : aggregated.at("/items/0/versions/0/resources")) {
            resources.add(resource.path("resource").asText());
            assertThat(resource.path("verbs").toString()).isEqualTo("[\"get\",\"list\",\"watch\"]");
        }
        assertThat(resources).containsExactly("configmaps", "events", "namespaces", "secrets", "pods");

        JsonNode plain = TestClient.json(at(second).get("/api/v1"));
        List<String> names = new ArrayList<>();
        plain.path("resources")
                .forEach(resource -> names.add(resource.path("name").asText()));
        assertThat(names)
                .containsExactly("configmaps", "events", "namespaces", "secrets", "pods", "pods/log", "pods/status");
        assertThat(TestClient.json(at(second).get("/apis/demo.io")).path("versions"))
                .hasSize(2);
        assertThat(TestClient.json(at(second).get("/version"))
                        .path("gitVersion")
                        .asText())
                .isEqualTo("v1.36.4");
        assertThat(at(second).get("/openapi/v3/api/v1?hash=AB").body()).isEqualTo("{\"openapi\":\"3.0.0\"}");
        assertThat(at(second).get("/readyz").body()).isEqualTo("ok");
    }

    @Test
    void unknownPathsGetTheServersAnswer() throws Exception {
        assertThat(status(at(second).get("/api/v1/nopes")))
                .isEqualTo("404 NotFound: the server could not find the requested resource");
        assertThat(at(second).get("/apis/nope/v1/nopes").body()).isEqualTo("404 page not found\n");
        assertThat(at(second).get("/nope").statusCode()).isEqualTo(404);
    }

    @Test
    void writesAreRefusedInASentence() throws Exception {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            assertThat(status(at(second)
                            .send(
                                    method,
                                    "/api/v1/namespaces/shop/configmaps/a",
                                    HttpRequest.BodyPublishers.ofString("{}"))))
                    .isEqualTo("405 MethodNotAllowed: this is " + second + " in the past and read-only: " + method
                            + " cannot change what was; use the cluster itself");
        }
    }

    @Test
    void whatNeedsARunningClusterSaysSo() throws Exception {
        assertThat(status(at(second).get("/api/v1/namespaces/shop/pods/p/log")))
                .as("as the API server says it of a pod that is not there")
                .isEqualTo("404 NotFound: pods \"p\" not found");
        assertThat(status(at(second).get("/api/v1/namespaces/shop/pods/p/exec?command=sh")))
                .isEqualTo(
                        "405 MethodNotAllowed: exec needs a running pod; this is a recording of the cluster and read-only");
    }

    @Test
    void readingIsWhatOneMayDo() throws Exception {
        String path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        for (String verb : List.of("get", "create")) {
            HttpResponse<String> review = at(second)
                    .send(
                            "POST",
                            path,
                            HttpRequest.BodyPublishers.ofString("{\"spec\":{\"resourceAttributes\":{\"verb\":\"" + verb
                                    + "\",\"resource\":\"pods\"}}}"));
            assertThat(review.statusCode()).isEqualTo(201);
            assertThat(TestClient.json(review).at("/status/allowed").asBoolean())
                    .isEqualTo(verb.equals("get"));
        }
    }

    @Test
    void strangersAndStrangeNamesAreRefused() throws Exception {
        assertThat(status(new TestClient(server, second, "wrong").get("/api/v1/configmaps")))
                .isEqualTo("401 Unauthorized: Unauthorized");
        assertThat(TestClient.statusLineAs("rebound.example.com", server, "/api"))
                .isEqualTo("HTTP/1.1 403 Forbidden");
        assertThat(TestClient.statusLineAs("localhost:" + server.port(), server, "/api"))
                .isEqualTo("HTTP/1.1 200 OK");
    }

    @Test
    void theIndexNamesTheClustersAndHowFarTheyReach() throws Exception {
        JsonNode index = TestClient.json(TestClient.index(server));

        assertThat(index.at("/clusters/0/id").asText()).isEqualTo(TestCluster.ID);
        assertThat(index.at("/clusters/0/end").asText()).isEqualTo(end);
    }

    private static String status(HttpResponse<String> response) throws Exception {
        JsonNode status = TestClient.json(response);
        assertThat(status.path("kind").asText()).isEqualTo("Status");
        assertThat(status.path("code").asInt()).isEqualTo(response.statusCode());
        return response.statusCode() + " " + status.path("reason").asText() + ": "
                + status.path("message").asText();
    }

    private static String warning(HttpResponse<String> response) {
        return String.join("\n", response.headers().allValues("Warning"));
    }
}
