/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * A field manager, as an object's managedFields name it.
 *
 * @param manager such as {@code kubectl-client-side-apply}
 * @param operation Apply or Update
 * @param time RFC 3339, {@code ""} if unknown
 */
public record FieldOwner(String manager, String operation, String time) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The manager whose entry covers the path: it reaches its end, or ends on the way with nothing below, as of what is owned as a whole.
     * Of several the one that reaches farthest, of those the latest; null if there is none. Scaling to 0 leaves no claim behind.
     */
    static FieldOwner of(JsonNode object, FieldPath path) {
        FieldOwner best = null;
        int farthest = 0;
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            int depth = depth(entry.path("fieldsV1"), path);
            String time = entry.path("time").asText("");
            boolean later = best == null || time.compareTo(best.time) >= 0;
            if (depth > farthest || (depth == farthest && depth > 0 && later)) {
                farthest = depth;
                best = new FieldOwner(
                        entry.path("manager").asText(""),
                        entry.path("operation").asText(""),
                        time);
            }
        }
        return best;
    }

    private static int depth(JsonNode fields, FieldPath path) {
        JsonNode at = fields;
        int depth = 0;
        for (FieldPath.Step step : path.steps()) {
            JsonNode next =
                    switch (step) {
                        case FieldPath.Field field -> at.get("f:" + field.name());
                        case FieldPath.Item item -> item(at, item);
                        case FieldPath.Index _, FieldPath.Written _ -> null;
                    };
            if (next == null) {
                boolean isWhole = at.isEmpty() || step instanceof FieldPath.Index || step instanceof FieldPath.Written;
                return isWhole || isKeyedOtherwise(at, step) ? depth : 0;
            }
            at = next;
            depth++;
        }
        return depth;
    }

    /** Whether the elements of a list have other keys than the path names them by, as ports have numbers besides their names. */
    private static boolean isKeyedOtherwise(JsonNode at, FieldPath.Step step) {
        return step instanceof FieldPath.Item item
                && at.properties().stream()
                        .map(Map.Entry::getKey)
                        .noneMatch(key -> key.startsWith("k:") && key.contains("\"" + item.key() + "\":"));
    }

    /** Elements are keyed by some of their members: {@code k:{"containerPort":80,"protocol":"TCP"}}. */
    private static JsonNode item(JsonNode at, FieldPath.Item item) {
        for (Map.Entry<String, JsonNode> member : at.properties()) {
            if (member.getKey().startsWith("k:")) {
                try {
                    JsonNode key = JSON.readTree(member.getKey().substring(2));
                    if (key.path(item.key()).asText().equals(item.value())) {
                        return member.getValue();
                    }
                } catch (JsonProcessingException e) {
                    // Not a key of ours: whoever manages this field is then not known.
                }
            }
        }
        return null;
    }
}
