/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What happened on nodes as JSON, and back. Times are RFC 3339 with nanoseconds. */
public final class NodeDocument {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final Set<String> NO_VALUES = Set.of("namespace", "name", "node", "time");

    private NodeDocument() {}

    private static ObjectNode head(long at, String node, Optional<ObjectKey> pod) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("time", Times.instant(at).toString()).put("node", node);
        pod.ifPresent(key -> document.put("namespace", key.namespace()).put("pod", key.name()));
        return document;
    }

    public static ObjectNode of(NodeEvent event) {
        return head(event.at(), event.node(), event.pod())
                .put("podUid", event.podUid())
                .put("container", event.container())
                .put("kind", event.kind())
                .put("what", event.text())
                .put("trouble", event.isTrouble());
    }

    public static NodeEvent event(JsonNode document) {
        return new NodeEvent(
                time(document),
                document.path("node").asText(),
                document.path("kind").asText(),
                pod(document),
                document.path("podUid").asText(),
                document.path("container").asText(),
                document.path("what").asText(),
                document.path("trouble").asBoolean());
    }

    public static ObjectNode of(NodeFlow flow) {
        ObjectNode document = head(flow.at(), flow.node(), flow.pod())
                .put("kind", flow.kind())
                .put("local", flow.local())
                .put("remote", flow.remote());
        flow.localObject().ifPresent(key -> document.set("localObject", object(key)));
        flow.remoteObject().ifPresent(key -> document.set("remoteObject", object(key)));
        return document.put("nanos", flow.nanos())
                .put("sentBytes", flow.sentBytes())
                .put("receivedBytes", flow.receivedBytes())
                .put("roundTripMicros", flow.roundTripMicros())
                .put("retransmits", flow.retransmits())
                .put("error", flow.error());
    }

    public static NodeFlow flow(JsonNode document) {
        return new NodeFlow(
                time(document),
                document.path("node").asText(),
                document.path("kind").asText(),
                pod(document),
                document.path("local").asText(),
                document.path("remote").asText(),
                object(document.path("localObject")),
                object(document.path("remoteObject")),
                document.path("nanos").asLong(),
                document.path("sentBytes").asLong(),
                document.path("receivedBytes").asLong(),
                document.path("roundTripMicros").asLong(),
                document.path("retransmits").asLong(),
                document.path("error").asLong());
    }

    public static ObjectNode of(NodeUsage usage) {
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("namespace", usage.namespace())
                .put("name", usage.name())
                .put("node", usage.node())
                .put("time", Times.instant(usage.at()).toString());
        usage.values().forEach(document::put);
        return document;
    }

    public static NodeUsage usage(JsonNode document) {
        Map<String, Long> values = new LinkedHashMap<>();
        document.properties().forEach(property -> {
            if (!NO_VALUES.contains(property.getKey())) {
                values.put(property.getKey(), property.getValue().asLong());
            }
        });
        return new NodeUsage(
                document.path("namespace").asText(),
                document.path("name").asText(),
                document.path("node").asText(),
                time(document),
                values);
    }

    private static long time(JsonNode document) {
        return Times.nanos(Instant.parse(document.path("time").asText()));
    }

    private static Optional<ObjectKey> pod(JsonNode document) {
        return document.has("pod")
                ? Optional.of(new ObjectKey(
                        PODS,
                        document.path("namespace").asText(),
                        document.path("pod").asText()))
                : Optional.empty();
    }

    private static ObjectNode object(ObjectKey key) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("resource", key.type().toString())
                .put("namespace", key.namespace())
                .put("name", key.name());
    }

    /** An address has a pod, a service or a node, which are all in the core group. */
    private static Optional<ObjectKey> object(JsonNode document) {
        return document.isObject()
                ? Optional.of(new ObjectKey(
                        new ResourceType("", document.path("resource").asText()),
                        document.path("namespace").asText(),
                        document.path("name").asText()))
                : Optional.empty();
    }
}
