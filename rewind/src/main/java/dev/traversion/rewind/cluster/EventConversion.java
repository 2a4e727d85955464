/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.json.GoJson;
import java.util.List;
import java.util.Optional;

/** Events are one kind of object served in two groups under different field names. */
final class EventConversion {

    private static final String CORE = "v1";
    private static final String EVENTS = "events.k8s.io/v1";

    /** Member names in the core group and in events.k8s.io, in the latter's order. */
    private static final List<Field> EVENTS_ORDER = List.of(
            new Field("metadata", "metadata"),
            new Field("eventTime", "eventTime"),
            new Field("series", "series"),
            new Field("reportingComponent", "reportingController"),
            new Field("reportingInstance", "reportingInstance"),
            new Field("action", "action"),
            new Field("reason", "reason"),
            new Field("involvedObject", "regarding"),
            new Field("related", "related"),
            new Field("message", "note"),
            new Field("type", "type"),
            new Field("source", "deprecatedSource"),
            new Field("firstTimestamp", "deprecatedFirstTimestamp"),
            new Field("lastTimestamp", "deprecatedLastTimestamp"),
            new Field("count", "deprecatedCount"));

    private static final List<String> CORE_ORDER = List.of(
            "metadata",
            "involvedObject",
            "reason",
            "message",
            "source",
            "firstTimestamp",
            "lastTimestamp",
            "count",
            "type",
            "eventTime",
            "series",
            "action",
            "related",
            "reportingComponent",
            "reportingInstance");

    private record Field(String core, String events) {}

    private EventConversion() {}

    static Optional<Conversion> find(String stored, String asked) {
        if (stored.equals(CORE) && asked.equals(EVENTS)) {
            return Optional.of(EventConversion::toEvents);
        }
        if (stored.equals(EVENTS) && asked.equals(CORE)) {
            return Optional.of(EventConversion::toCore);
        }
        return Optional.empty();
    }

    private static byte[] toEvents(byte[] body) {
        JsonNode core = GoJson.read(body);
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("kind", "Event").put("apiVersion", EVENTS);
        for (Field field : EVENTS_ORDER) {
            JsonNode value = core.get(field.core());
            if (value != null && !isOmitted(field, value)) {
                event.set(field.events(), value);
            }
        }
        return GoJson.bytes(event);
    }

    /** The core group always has these two, the other group only when they say something. */
    private static boolean isOmitted(Field field, JsonNode value) {
        return field.core().startsWith("reporting") && value.asText().isEmpty();
    }

    private static byte[] toCore(byte[] body) {
        JsonNode event = GoJson.read(body);
        ObjectNode core = JsonNodeFactory.instance.objectNode();
        core.put("kind", "Event").put("apiVersion", CORE);
        for (String name : CORE_ORDER) {
            for (Field field : EVENTS_ORDER) {
                if (field.core().equals(name)) {
                    JsonNode value = event.get(field.events());
                    if (value != null) {
                        core.set(name, value);
                    } else if (name.startsWith("reporting")) {
                        core.put(name, "");
                    }
                }
            }
        }
        return GoJson.bytes(core);
    }
}
