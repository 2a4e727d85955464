/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Label selectors. */
public final class Selectors {

    private static final String LABELS = "metadata.labels";

    private Selectors() {}

    /** Whether labels have all pairs of a selector, as of a Service; one without pairs selects nothing. */
    public static boolean pairs(JsonNode selector, JsonNode labels) {
        if (selector.isEmpty()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> pair : selector.properties()) {
            if (!pair.getValue().equals(labels.get(pair.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a selector with matchLabels and matchExpressions takes labels; an empty one takes all, none nothing. */
    public static boolean matches(JsonNode selector, JsonNode labels) {
        if (selector.isMissingNode() || selector.isNull()) {
            return false;
        }
        JsonNode pairs = selector.path("matchLabels");
        if (!pairs.isEmpty() && !pairs(pairs, labels)) {
            return false;
        }
        return expressions(selector.path("matchExpressions"), labels);
    }

    /** Whether a label, by the path of a change of it, is one that selectors ask for; all labels at once are. */
    public static boolean asksFor(JsonNode selectors, String path) {
        String key = path.substring(path.indexOf(LABELS) + LABELS.length()).replaceAll("^[.\\[\"]+|[\"\\]]+$", "");
        return key.isEmpty() || selectors.toString().contains('"' + key + '"');
    }

    /** Whether labels fulfil all of a list of {@code key, operator, values}. */
    public static boolean expressions(JsonNode expressions, JsonNode labels) {
        for (JsonNode each : expressions) {
            JsonNode value = labels.get(each.path("key").asText());
            boolean holds =
                    switch (each.path("operator").asText()) {
                        case "In" -> value != null && contains(each.path("values"), value);
                        case "NotIn" -> value == null || !contains(each.path("values"), value);
                        case "Exists" -> value != null;
                        case "DoesNotExist" -> value == null;
                        case "Gt" ->
                            value != null
                                    && number(value)
                                            > number(each.path("values").path(0));
                        case "Lt" ->
                            value != null
                                    && number(value)
                                            < number(each.path("values").path(0));
                        default -> true;
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode each : values) {
            if (each.asText().equals(value.asText())) {
                return true;
            }
        }
        return false;
    }

    private static long number(JsonNode value) {
        return value.asLong(0);
    }

    /** Whether a list of a rule, such as its resources, has a value, or has all by an asterisk. */
    public static boolean lists(JsonNode list, String value) {
        for (JsonNode each : list) {
            if (each.asText().equals("*") || each.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }
}
