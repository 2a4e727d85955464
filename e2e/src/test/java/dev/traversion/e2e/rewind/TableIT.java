/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.rewind.table.TablePrinter;
import dev.traversion.rewind.table.TablePrinters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares our tables with the API server's, for every resource it serves, alpha ones too. */
@Tag("rewind")
@UsesControlPlane
class TableIT {

    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private static final List<String> OBJECTS =
            List.of("pods", "workloads", "network", "cluster", "control", "previews", "resources");

    /** What an API server answers if it does not have a kind, or a kind has no status of its own. */
    private static final List<String> ABSENT =
            List.of("Warning:", "no matches for kind", "ensure CRDs are installed first", "NotFound", "could not find");

    /** The moments the server may have looked at the clock, around the whole second in its Date header. */
    private static final List<Duration> DRIFT = List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofSeconds(-1));

    private final JsonMapper mapper = new JsonMapper();

    private record Resource(ResourceType type, String version, String path) {}

    @Test
    void everyResourceIsPrintedAsTheApiServerPrintsIt() throws Exception {
        try (ControlPlane plane = ControlPlane.start(
                        "--runtime-config=api/all=true",
                        "--feature-gates=AllAlpha=true,AllBeta=true",
                        "--disable-admission-plugins=ServiceAccount");
                KubectlProxy server = KubectlProxy.start(plane.kubectl())) {
            createObjects(plane.kubectl());

            JsonNode version = server.get("/version", "application/json").body();
            TablePrinters printers =
                    TablePrinters.forServer(version.path("gitVersion").asText());
            Map<ResourceType, JsonNode> definitions = definitions(server);
            List<String> differences = new ArrayList<>();
            List<ResourceType> empty = new ArrayList<>();
            List<Resource> resources = resources(server);
            for (Resource resource : resources) {
                TablePrinter printer = printers.forType(
                        resource.type(), resource.version(), Optional.ofNullable(definitions.get(resource.type())));
                int objects = compare(resource, printer, server, differences);
                if (objects == 0) {
                    empty.add(resource.type());
                }
            }

            assertThat(differences).isEmpty();
            assertThat(empty).as("resources without an object to compare").isEmpty();
            assertThat(resources).hasSizeGreaterThan(60);
        }
    }

    private int compare(Resource resource, TablePrinter printer, KubectlProxy server, List<String> differences)
            throws IOException, InterruptedException {
        JsonNode objects =
                server.get(resource.path(), "application/json").body().path("items");
        KubectlProxy.Answer answer = server.get(resource.path(), TABLE);
        JsonNode table = answer.body();
        if (!table.path("columnDefinitions").equals(mapper.valueToTree(printer.columns()))) {
            differences.add(resource.type() + " columns: " + table.path("columnDefinitions") + " but we have "
                    + printer.columns());
        }
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        table.path("rows").forEach(row -> rows.put(key(row.path("object")), row));
        List<JsonNode> ordered = new ArrayList<>();
        objects.forEach(ordered::add);
        printer.order().ifPresent(ordered::sort);
        List<String> keys = ordered.stream().map(TableIT::key).toList();
        // component statuses are asked for afresh each time, in any order
        if (!resource.type().resource().equals("componentstatuses") && !keys.equals(List.copyOf(rows.keySet()))) {
            differences.add(resource.type() + " rows: " + rows.keySet() + " but we have " + keys);
        }
        for (JsonNode object : ordered) {
            JsonNode row = rows.getOrDefault(key(object), mapper.createObjectNode());
            List<JsonNode> candidates = new ArrayList<>();
            for (Duration drift : DRIFT) {
                candidates.add(cells(printer, object, answer.date().plus(drift)));
            }
            if (!candidates.contains(row.path("cells"))) {
                differences.add(resource.type() + " " + key(object) + ": " + row.path("cells") + " but we have "
                        + candidates.getFirst());
            }
            JsonNode conditions = mapper.valueToTree(printer.conditions(object));
            if (!conditions.equals(row.has("conditions") ? row.path("conditions") : mapper.createArrayNode())) {
                differences.add(resource.type() + " " + key(object) + ": " + row.path("conditions") + " but we have "
                        + conditions);
            }
        }
        return ordered.size();
    }

    /** Through JSON, so that 7 is 7 whatever class holds it. */
    private JsonNode cells(TablePrinter printer, JsonNode object, Instant now) throws IOException {
        byte[] body = mapper.writeValueAsBytes(object);
        return mapper.readTree(mapper.writeValueAsBytes(printer.cells(printer.read(body, body.length), now)));
    }

    private static String key(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
    }

    /** Every listable resource, each in the version the server prefers. */
    private static List<Resource> resources(KubectlProxy server) throws IOException, InterruptedException {
        Map<ResourceType, Resource> resources = new LinkedHashMap<>();
        add(resources, server, "", "v1", "/api/v1");
        for (JsonNode group : server.get("/apis", "application/json").body().path("groups")) {
            for (JsonNode version : group.path("versions")) {
                add(
                        resources,
                        server,
                        group.path("name").asText(),
                        version.path("version").asText(),
                        "/apis/" + version.path("groupVersion").asText());
            }
        }
        return List.copyOf(resources.values());
    }

    private static void add(
            Map<ResourceType, Resource> resources, KubectlProxy server, String group, String version, String path)
            throws IOException, InterruptedException {
        KubectlProxy.Answer answer = server.get(path, "application/json");
        // an API of an aggregated server that is not there
        if (answer.status() == 503) {
            return;
        }
        for (JsonNode resource : answer.body().path("resources")) {
            String name = resource.path("name").asText();
            boolean listable = resource.path("verbs").toString().contains("\"list\"");
            ResourceType type = new ResourceType(group, name);
            if (listable) {
                resources.putIfAbsent(type, new Resource(type, version, path + "/" + name));
            }
        }
    }

    private static Map<ResourceType, JsonNode> definitions(KubectlProxy server)
            throws IOException, InterruptedException {
        Map<ResourceType, JsonNode> definitions = new HashMap<>();
        for (JsonNode definition : server.get(
                        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "application/json")
                .body()
                .path("items")) {
            JsonNode spec = definition.path("spec");
            definitions.put(
                    new ResourceType(
                            spec.path("group").asText(),
                            spec.path("names").path("plural").asText()),
                    definition);
        }
        return definitions;
    }

    private static void createObjects(Kubectl kubectl) throws IOException {
        kubectl.output("create", "namespace", "tables");
        run(kubectl, manifest("definitions"), "create", "-f", "-");
        kubectl.awaitEstablished("crd", "--all");
        for (String name : OBJECTS) {
            String manifest = manifest(name);
            run(kubectl, manifest, "create", "--validate=false", "-f", "-");
            run(
                    kubectl,
                    manifest,
                    "apply",
                    "--server-side",
                    "--force-conflicts",
                    "--subresource=status",
                    "--validate=false",
                    "-f",
                    "-");
        }
        // all of them have a finalizer, and stay
        kubectl.output(
                "delete", "--wait=false", "-n", "tables", "-l", "deleted=true", "pods,jobs,persistentvolumeclaims");
        kubectl.output("delete", "--wait=false", "-n", "tables", "-l", "deleted=true", "resourceclaims");
        kubectl.output("delete", "--wait=false", "-l", "deleted=true", "namespaces,persistentvolumes");
    }

    private static void run(Kubectl kubectl, String manifest, String... arguments) {
        Completed completed = kubectl.runWithInput(manifest, arguments);
        assertThat(completed
                        .err()
                        .lines()
                        .filter(line -> !line.isBlank() && ABSENT.stream().noneMatch(line::contains)))
                .as("complaints of kubectl %s", String.join(" ", arguments))
                .isEmpty();
    }

    private static String manifest(String name) throws IOException {
        try (InputStream stream = TableIT.class.getResourceAsStream("tables/" + name + ".yaml")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
