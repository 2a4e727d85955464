/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Horizontal pod autoscalers, as autoscaling/v2 serves them, and scales. */
final class HorizontalPodAutoscalerCells {

    private static final int SHOWN = 2;

    private HorizontalPodAutoscalerCells() {}

    static void addTo(Kinds kinds) {
        kinds.add("autoscaling", "horizontalpodautoscalers")
                .cell("Reference", (JsonNode object) -> {
                    JsonNode target = object.path("spec").path("scaleTargetRef");
                    return Field.text(target, "kind") + "/" + Field.text(target, "name");
                })
                .cell("Targets", HorizontalPodAutoscalerCells::targets)
                .text("MinPods", "spec.minReplicas", "<unset>")
                .number("MaxPods", "spec.maxReplicas")
                .number("Replicas", "status.currentReplicas");
        kinds.add("autoscaling", "scales").number("Desired", "spec.replicas").number("Available", "status.replicas");
    }

    private static String targets(JsonNode object) {
        JsonNode specs = object.path("spec").path("metrics");
        JsonNode statuses = object.path("status").path("currentMetrics");
        if (specs.isEmpty()) {
            return Selectors.NONE;
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(SHOWN, specs.size()); i++) {
            shown.add(metric(specs.get(i), statuses.path(i)));
        }
        String text = String.join(", ", shown);
        return specs.size() > SHOWN ? text + " + " + (specs.size() - SHOWN) + " more..." : text;
    }

    private static String metric(JsonNode spec, JsonNode status) {
        return switch (Field.text(spec, "type")) {
            case "External" -> valueOrAverage(spec.path("external"), status.path("external"));
            case "Object" -> valueOrAverage(spec.path("object"), status.path("object"));
            case "Pods" ->
                current(status.path("pods"), "averageValue", "<nil>") + "/"
                        + quantity(spec.path("pods").path("target"), "averageValue", "<nil>");
            case "Resource" -> resource(spec.path("resource"), status.path("resource"));
            case "ContainerResource" -> resource(spec.path("containerResource"), status.path("containerResource"));
            default -> "<unknown type>";
        };
    }

    private static String valueOrAverage(JsonNode spec, JsonNode status) {
        JsonNode target = spec.path("target");
        if (Field.isSet(target, "averageValue")) {
            return current(status, "averageValue", Ages.UNKNOWN) + "/" + quantity(target, "averageValue", "")
                    + " (avg)";
        }
        return current(status, "value", "<nil>") + "/" + quantity(target, "value", "<nil>");
    }

    private static String resource(JsonNode spec, JsonNode status) {
        JsonNode target = spec.path("target");
        String name = Field.text(spec, "name") + ": ";
        if (Field.isSet(target, "averageValue")) {
            return name + current(status, "averageValue", "<nil>") + "/" + quantity(target, "averageValue", "");
        }
        return name + percent(status.path("current"), Ages.UNKNOWN) + "/" + percent(target, "<auto>");
    }

    private static String percent(JsonNode metric, String ifUnset) {
        return Field.isSet(metric, "averageUtilization")
                ? metric.path("averageUtilization").asLong() + "%"
                : ifUnset;
    }

    /** A value of a metric's status; {@code <unknown>} while there is no status. */
    private static String current(JsonNode status, String field, String ifUnset) {
        return status.isObject() ? quantity(status.path("current"), field, ifUnset) : Ages.UNKNOWN;
    }

    private static String quantity(JsonNode metric, String field, String ifUnset) {
        return Field.isSet(metric, field) ? Field.text(metric, field) : ifUnset;
    }
}
