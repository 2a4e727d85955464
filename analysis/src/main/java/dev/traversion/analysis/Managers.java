/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;

/** Who wrote which field, as managedFields tell. */
final class Managers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode entries;

    Managers(JsonNode object) {
        entries = object.path("metadata").path("managedFields");
    }

    /** A manager and when it last wrote; both {@code ""} if unknown. */
    record Writer(String manager, String time) {

        static final Writer UNKNOWN = new Writer("", "");
    }

    /** The last one to write of those that cover a field. */
    Writer of(FieldPath path) {
        Writer newest = Writer.UNKNOWN;
        for (JsonNode entry : entries) {
            if (covers(entry.path("fieldsV1"), path) && time(entry).compareTo(newest.time()) >= 0) {
                newest = new Writer(entry.path("manager").asText(""), time(entry));
            }
        }
        return newest;
    }

    /** The first one that wrote. */
    Writer creator() {
        Writer first = Writer.UNKNOWN;
        for (JsonNode entry : entries) {
            if (first.manager().isEmpty() || time(entry).compareTo(first.time()) < 0) {
                first = new Writer(entry.path("manager").asText(""), time(entry));
            }
        }
        return first;
    }

    private static String time(JsonNode entry) {
        return entry.path("time").asText("");
    }

    private static boolean covers(JsonNode fields, FieldPath path) {
        JsonNode at = fields;
        int depth = 0;
        for (FieldPath.Step step : path.steps()) {
            JsonNode next = step.element() == null ? at.path("f:" + step.name()) : element(at, step);
            if (next.isMissingNode()) {
                // What is owned as a whole has nothing below it.
                return depth > 0 && at.isEmpty();
            }
            at = next;
            depth++;
        }
        return true;
    }

    private static JsonNode element(JsonNode fields, FieldPath.Step step) {
        for (Map.Entry<String, JsonNode> member : fields.properties()) {
            String name = member.getKey();
            boolean isKeyed = name.startsWith("k:") && matches(name.substring(2), step.element());
            if (isKeyed || name.equals("i:" + step.index()) || name.equals("v:" + step.element())) {
                return member.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean matches(String key, JsonNode element) {
        try {
            for (Map.Entry<String, JsonNode> part : JSON.readTree(key).properties()) {
                if (!part.getValue().equals(element.path(part.getKey()))) {
                    return false;
                }
            }
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
