/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.http.ApiPath;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.json.GoJson;
import dev.traversion.rewind.resource.ListOptions;
import dev.traversion.rewind.selector.FieldSelector;
import dev.traversion.rewind.selector.SelectableFields;
import dev.traversion.rewind.selector.SelectorException;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers {@code metrics.k8s.io/v1beta1} at a moment. Used for one request. */
public final class UsageApi {

    private static final String GROUP = "metrics.k8s.io";
    private static final String VERSION = "v1beta1";
    private static final String WINDOW = "5s";
    private static final long KIBI = 1024;

    private final Exchange exchange;
    private final View view;
    private final ApiPath path;
    private final ResourceType asked;
    private final ResourceType stored;
    private final boolean isPods;

    /** @param view as far as it may be read */
    public UsageApi(Exchange exchange, View view, ApiPath path) {
        this.exchange = exchange;
        this.view = view;
        this.path = path;
        this.asked = new ResourceType(GROUP, path.resource());
        this.stored = new ResourceType("", path.resource());
        this.isPods = path.resource().equals("pods");
    }

    /** Whether a path is that of what pods or nodes used. */
    public static boolean isUsage(ApiPath path) {
        return path.group().equals(GROUP)
                && path.version().equals(VERSION)
                && (path.resource().equals("pods")
                        || (path.resource().equals("nodes") && path.namespace().isEmpty()));
    }

    public void handle() throws IOException {
        if (path.watch() || !path.subresource().isEmpty()) {
            throw StatusFailure.unknownResource();
        }
        if (path.name().isEmpty()) {
            list();
        } else {
            get();
        }
    }

    private void get() throws IOException {
        ObjectVersion object = view.history()
                .get(new ObjectKey(stored, path.namespace(), path.name()), view.time())
                .orElseThrow(() -> StatusFailure.notFound(asked, path.name()));
        JsonNode body = GoJson.read(object.body());
        RecordedUsage usage = RecordedUsage.at(
                view, isPods ? body.path("metadata").path("uid").asText() : "");
        ObjectNode metrics = metrics(body, usage).orElseThrow(() -> StatusFailure.notFound(asked, path.name()));
        metrics.put("kind", isPods ? "PodMetrics" : "NodeMetrics").put("apiVersion", GROUP + "/" + VERSION);
        exchange.sendJson(200, GoJson.bytes(metrics));
    }

    private void list() throws IOException {
        ListOptions options = ListOptions.of(exchange, false);
        if (options.watch()) {
            throw StatusFailure.methodNotAllowed("what " + path.resource() + " use cannot be watched; ask again");
        }
        FieldSelector fields;
        try {
            fields = FieldSelector.parse(options.fieldSelector(), SelectableFields.of(stored, stored));
        } catch (SelectorException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
        List<byte[]> bodies = new ArrayList<>();
        view.history().list(stored, path.namespace(), null, view.time(), object -> {
            byte[] body = object.body();
            if (options.labels().matches(body) && fields.matches(object.key(), body)) {
                bodies.add(body);
            }
            return true;
        });
        RecordedUsage usage = RecordedUsage.at(view, "");
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", isPods ? "PodMetricsList" : "NodeMetricsList").put("apiVersion", GROUP + "/" + VERSION);
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        for (byte[] body : bodies) {
            metrics(GoJson.read(body), usage).ifPresent(items::add);
        }
        exchange.sendJson(200, GoJson.bytes(list));
    }

    /** Nothing if there is no sample of it. */
    private Optional<ObjectNode> metrics(JsonNode object, RecordedUsage usage) {
        return isPods ? pod(object, usage) : node(object, usage);
    }

    private Optional<ObjectNode> node(JsonNode node, RecordedUsage usage) {
        Optional<NodeRow> row = usage.node(node.path("metadata").path("name").asText());
        if (row.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode metrics = head(node, row.get().time());
        metrics.set("usage", used(row.get()));
        return Optional.of(metrics);
    }

    private Optional<ObjectNode> pod(JsonNode pod, RecordedUsage usage) {
        ArrayNode containers = JsonNodeFactory.instance.arrayNode();
        long last = 0;
        for (JsonNode status : pod.path("status").path("containerStatuses")) {
            String id = status.path("containerID").asText();
            Optional<NodeRow> row = usage.container(id.substring(id.lastIndexOf('/') + 1));
            if (row.isPresent()) {
                containers.addObject().put("name", status.path("name").asText()).set("usage", used(row.get()));
                last = Math.max(last, row.get().time());
            }
        }
        if (containers.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode metrics = head(pod, last);
        metrics.set("containers", containers);
        return Optional.of(metrics);
    }

    private static ObjectNode head(JsonNode object, long time) {
        JsonNode metadata = object.path("metadata");
        String at = Times.instant(time).truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode metrics = JsonNodeFactory.instance.objectNode();
        ObjectNode head =
                metrics.putObject("metadata").put("name", metadata.path("name").asText());
        if (metadata.has("namespace")) {
            head.set("namespace", metadata.get("namespace"));
        }
        head.put("creationTimestamp", at);
        if (metadata.has("labels")) {
            head.set("labels", metadata.get("labels"));
        }
        return metrics.put("timestamp", at).put("window", WINDOW);
    }

    private static ObjectNode used(NodeRow row) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cpu", row.number("cpu_nanocores") + "n")
                .put("memory", row.number("working_set_bytes") / KIBI + "Ki");
    }
}
