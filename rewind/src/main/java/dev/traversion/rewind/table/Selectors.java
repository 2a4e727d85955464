/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Labels and label selectors in the notation of {@code kubectl -l}. */
final class Selectors {

    static final String NONE = "<none>";

    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                    + "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private Selectors() {}

    private record Requirement(String key, String text) {}

    /** {@code a=b,c=d}, sorted; {@code <none>} without labels. */
    static String labels(JsonNode labels) {
        if (labels.isEmpty()) {
            return NONE;
        }
        List<String> pairs = new ArrayList<>(labels.size());
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            pairs.add(label.getKey() + "=" + label.getValue().asText());
        }
        pairs.sort(Comparator.naturalOrder());
        return String.join(",", pairs);
    }

    /** A LabelSelector; {@code <none>} if it has no requirements, {@code <error>} if it has no meaning. */
    static String selector(JsonNode selector) {
        return requirements(selector).map(text -> text.isEmpty() ? NONE : text).orElse("<error>");
    }

    /** The requirements of a LabelSelector, {@code ""} without any; empty if one has no meaning. */
    static Optional<String> requirements(JsonNode selector) {
        List<Requirement> requirements = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            String value = label.getValue().asText();
            if (!isKey(label.getKey()) || !VALUE.matcher(value).matches()) {
                return Optional.empty();
            }
            requirements.add(new Requirement(label.getKey(), label.getKey() + "=" + value));
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            Optional<Requirement> requirement = requirement(expression);
            if (requirement.isEmpty()) {
                return Optional.empty();
            }
            requirements.add(requirement.get());
        }
        requirements.sort(Comparator.comparing(Requirement::key));
        return Optional.of(
                String.join(",", requirements.stream().map(Requirement::text).toList()));
    }

    private static Optional<Requirement> requirement(JsonNode expression) {
        String key = Field.text(expression, "key");
        List<String> values = new ArrayList<>();
        for (JsonNode value : expression.path("values")) {
            values.add(value.asText());
        }
        values.sort(Comparator.naturalOrder());
        boolean valid = isKey(key)
                && values.stream().allMatch(value -> VALUE.matcher(value).matches());
        String text =
                switch (Field.text(expression, "operator")) {
                    case "In" -> values.isEmpty() ? "" : key + " in (" + String.join(",", values) + ")";
                    case "NotIn" -> values.isEmpty() ? "" : key + " notin (" + String.join(",", values) + ")";
                    case "Exists" -> values.isEmpty() ? key : "";
                    case "DoesNotExist" -> values.isEmpty() ? "!" + key : "";
                    default -> "";
                };
        return valid && !text.isEmpty() ? Optional.of(new Requirement(key, text)) : Optional.empty();
    }

    private static boolean isKey(String key) {
        return KEY.matcher(key).matches() && key.indexOf('/') <= 253;
    }

    /** A LabelSelector as Go prints the struct; admission policy bindings are shown so. */
    static String struct(JsonNode selector) {
        Map<String, String> labels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            labels.put(label.getKey(), label.getValue().asText());
        }
        StringBuilder text = new StringBuilder("&LabelSelector{MatchLabels:map[string]string{");
        labels.forEach(
                (key, value) -> text.append(key).append(": ").append(value).append(','));
        text.append("},MatchExpressions:[]LabelSelectorRequirement{");
        for (JsonNode expression : selector.path("matchExpressions")) {
            List<String> values = new ArrayList<>();
            for (JsonNode value : expression.path("values")) {
                values.add(value.asText());
            }
            text.append("LabelSelectorRequirement{Key:")
                    .append(Field.text(expression, "key"))
                    .append(",Operator:")
                    .append(Field.text(expression, "operator"))
                    .append(",Values:[")
                    .append(String.join(" ", values))
                    .append("],},");
        }
        return text.append("},}").toString();
    }
}
