/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.iceberg;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.table.RecordingTable;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /iceberg/v1/}: Iceberg's REST catalog as far as reading needs it, with a namespace for each cluster. It hands out metadata, no
 * credentials: engines bring their own for the bucket. Who asks needs {@code tables.traversion.dev} and {@code moments.traversion.dev} in
 * the whole cluster, since a table is of all namespaces.
 */
public final class IcebergApi {

    /** What somebody has to be allowed to get, or to list. */
    private static final ResourceType TABLES = new ResourceType("traversion.dev", "tables");

    private static final List<String> ENDPOINTS = List.of(
            "GET /v1/{prefix}/namespaces",
            "GET /v1/{prefix}/namespaces/{namespace}",
            "HEAD /v1/{prefix}/namespaces/{namespace}",
            "GET /v1/{prefix}/namespaces/{namespace}/tables",
            "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}",
            "HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}");

    private static final String JSON_TYPE = "application/json";
    private static final int NO_CONTENT = 204;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, ServedCluster> clusters;

    /** @param clusters by id */
    public IcebergApi(Map<String, ServedCluster> clusters) {
        this.clusters = clusters;
    }

    /** @param path below {@code /iceberg/} */
    public void handle(Exchange exchange, List<String> path) throws IOException {
        try {
            answer(exchange, path);
        } catch (StatusFailure refusal) {
            fail(exchange, refusal.code(), type(refusal.code()), refusal.getMessage());
        }
    }

    private void answer(Exchange exchange, List<String> path) throws IOException {
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            throw StatusFailure.methodNotAllowed("tables of the past can only be read, with GET");
        }
        boolean isNamespaces =
                path.size() > 1 && path.getFirst().equals("v1") && path.get(1).equals("namespaces");
        if (path.equals(List.of("v1", "config"))) {
            exchange.permit(new Read.Own("iceberg"));
            send(exchange, config());
        } else if (isNamespaces && path.size() == 2) {
            exchange.permit(new Read.Own("clusters"));
            send(exchange, namespaces(exchange.query("parent")));
        } else if (isNamespaces && path.size() == 3) {
            exchange.permit(new Read.Own("clusters"));
            namespace(exchange, path.get(2));
        } else if (isNamespaces && path.size() == 4 && path.get(3).equals("tables")) {
            tables(exchange, path.get(2));
        } else if (isNamespaces && path.size() == 5 && path.get(3).equals("tables")) {
            table(exchange, path.get(2), path.get(4));
        } else {
            throw StatusFailure.notServed("this catalog has " + ENDPOINTS + ", with no prefix");
        }
    }

    private static ObjectNode config() {
        ObjectNode config = NODES.objectNode();
        config.putObject("defaults");
        // Nobody here would look at how long an engine's scans took.
        config.putObject("overrides").put("rest-metrics-reporting-enabled", "false");
        ENDPOINTS.forEach(config.putArray("endpoints")::add);
        return config;
    }

    private ObjectNode namespaces(String parent) {
        ObjectNode answer = NODES.objectNode();
        ArrayNode namespaces = answer.putArray("namespaces");
        if (parent.isEmpty()) {
            clusters.keySet().forEach(id -> namespaces.addArray().add(id));
        }
        return answer;
    }

    private void namespace(Exchange exchange, String id) throws IOException {
        if (!clusters.containsKey(id)) {
            noNamespace(exchange, id);
            return;
        }
        ObjectNode answer = NODES.objectNode();
        answer.putArray("namespace").add(id);
        answer.putObject("properties");
        send(exchange, answer);
    }

    private void tables(Exchange exchange, String id) throws IOException {
        ServedCluster cluster = clusters.get(id);
        if (cluster == null) {
            exchange.permit(new Read.Own("clusters"));
            noNamespace(exchange, id);
            return;
        }
        permit(exchange, cluster, "list", "");
        ObjectNode answer = NODES.objectNode();
        ArrayNode identifiers = answer.putArray("identifiers");
        for (String name : cluster.history().tables().names()) {
            ObjectNode identifier = identifiers.addObject();
            identifier.putArray("namespace").add(id);
            identifier.put("name", name);
        }
        send(exchange, answer);
    }

    private void table(Exchange exchange, String id, String name) throws IOException {
        ServedCluster cluster = clusters.get(id);
        if (cluster == null) {
            exchange.permit(new Read.Own("clusters"));
            noNamespace(exchange, id);
            return;
        }
        permit(exchange, cluster, "get", name);
        Optional<RecordingTable.Published> table = cluster.history().tables().load(name);
        if (table.isEmpty()) {
            fail(exchange, 404, "NoSuchTableException", "nothing has been committed to a table " + name + " of " + id);
            return;
        }
        ObjectNode answer =
                NODES.objectNode().put("metadata-location", table.get().location());
        answer.putRawValue("metadata", new RawValue(table.get().metadata()));
        answer.putObject("config");
        send(exchange, answer);
    }

    private static void permit(Exchange exchange, ServedCluster cluster, String verb, String name) {
        History history = cluster.history();
        exchange.permit(
                new Read.Objects(new Past(history, history.start(), history.end()), verb, TABLES, "", "", name));
    }

    private static void noNamespace(Exchange exchange, String id) throws IOException {
        fail(exchange, 404, "NoSuchNamespaceException", "there is no cluster " + id + " here");
    }

    private static void send(Exchange exchange, ObjectNode answer) throws IOException {
        if (exchange.method().equals("HEAD")) {
            exchange.send(NO_CONTENT, JSON_TYPE, new byte[0]);
        } else {
            exchange.send(200, JSON_TYPE, JSON.writeValueAsBytes(answer));
        }
    }

    private static String type(int code) {
        return switch (code) {
            case 403 -> "ForbiddenException";
            case 404 -> "NotFoundException";
            case 405 -> "UnsupportedOperationException";
            case 503 -> "ServiceUnavailableException";
            default -> "BadRequestException";
        };
    }

    private static void fail(Exchange exchange, int code, String type, String message) throws IOException {
        ObjectNode answer = NODES.objectNode();
        answer.putObject("error").put("message", message).put("type", type).put("code", code);
        boolean isHead = exchange.method().equals("HEAD");
        exchange.send(code, JSON_TYPE, isHead ? new byte[0] : JSON.writeValueAsBytes(answer));
    }
}
