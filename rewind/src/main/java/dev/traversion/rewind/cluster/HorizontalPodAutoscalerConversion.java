/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.json.GoJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * HorizontalPodAutoscalers of autoscaling/v2 in autoscaling/v1, which knows the utilization of the CPU only: the API server puts
 * everything else into annotations.
 */
final class HorizontalPodAutoscalerConversion {

    private static final String V1 = "autoscaling/v1";
    private static final String V2 = "autoscaling/v2";
    private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    private static final String CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics";
    private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
    private static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    private static final Set<String> OURS = Set.of(
            METRICS,
            CURRENT_METRICS,
            BEHAVIOR,
            CONDITIONS,
            "autoscaling.alpha.kubernetes.io/scale-down-tolerance",
            "autoscaling.alpha.kubernetes.io/scale-up-tolerance");

    /** What comes after the annotations in metadata. */
    private static final List<String> LATER = List.of("ownerReferences", "finalizers", "managedFields");

    private HorizontalPodAutoscalerConversion() {}

    static Optional<Conversion> find(String stored, String asked) {
        return stored.equals(V2) && asked.equals(V1)
                ? Optional.of(HorizontalPodAutoscalerConversion::toV1)
                : Optional.empty();
    }

    private static byte[] toV1(byte[] body) {
        JsonNode stored = GoJson.read(body);
        JsonNode spec = stored.path("spec");
        JsonNode status = stored.path("status");
        ObjectNode converted = JsonNodeFactory.instance.objectNode();
        converted.put("kind", "HorizontalPodAutoscaler").put("apiVersion", V1);
        converted.set("metadata", metadata(stored.path("metadata"), annotations(spec, status)));
        ObjectNode newSpec = converted.putObject("spec");
        copy(spec, newSpec, "scaleTargetRef", "minReplicas", "maxReplicas");
        for (JsonNode metric : spec.path("metrics")) {
            if (isCpuUtilization(metric) && !newSpec.has("targetCPUUtilizationPercentage")) {
                newSpec.set("targetCPUUtilizationPercentage", metric.at("/resource/target/averageUtilization"));
            }
        }
        ObjectNode newStatus = converted.putObject("status");
        copy(status, newStatus, "observedGeneration", "lastScaleTime");
        newStatus.put("currentReplicas", status.path("currentReplicas").asInt());
        newStatus.put("desiredReplicas", status.path("desiredReplicas").asInt());
        for (JsonNode metric : status.path("currentMetrics")) {
            JsonNode utilization = metric.at("/resource/current/averageUtilization");
            if (metric.at("/resource/name").asText().equals("cpu") && !utilization.isMissingNode()) {
                newStatus.set("currentCPUUtilizationPercentage", utilization);
            }
        }
        return GoJson.bytes(converted);
    }

    private static boolean isCpuUtilization(JsonNode metric) {
        return metric.at("/resource/name").asText().equals("cpu")
                && !metric.at("/resource/target/averageUtilization").isMissingNode();
    }

    /** What v1 has no fields for. */
    private static Map<String, JsonNode> annotations(JsonNode spec, JsonNode status) {
        Map<String, JsonNode> annotations = new TreeMap<>();
        ArrayNode metrics = JsonNodeFactory.instance.arrayNode();
        for (JsonNode metric : spec.path("metrics")) {
            if (!isCpuUtilization(metric)) {
                metrics.add(metric(metric, "target"));
            }
        }
        ArrayNode current = JsonNodeFactory.instance.arrayNode();
        status.path("currentMetrics").forEach(metric -> current.add(metric(metric, "current")));
        ArrayNode conditions = JsonNodeFactory.instance.arrayNode();
        for (JsonNode condition : status.path("conditions")) {
            ObjectNode each = conditions.addObject();
            copy(condition, each, "type", "status");
            each.set("lastTransitionTime", condition.get("lastTransitionTime"));
            copy(condition, each, "reason", "message");
        }
        if (!metrics.isEmpty()) {
            annotations.put(METRICS, metrics);
        }
        if (!current.isEmpty()) {
            annotations.put(CURRENT_METRICS, current);
        }
        if (!conditions.isEmpty()) {
            annotations.put(CONDITIONS, conditions);
        }
        if (spec.has("behavior")) {
            annotations.put(BEHAVIOR, behavior(spec.get("behavior")));
        }
        return annotations;
    }

    /**
     * A metric's source or status.
     *
     * @param values where its values are: target or current
     */
    private static ObjectNode metric(JsonNode metric, String values) {
        ObjectNode converted = JsonNodeFactory.instance.objectNode();
        converted.set("type", metric.path("type"));
        boolean isTarget = values.equals("target");
        for (String source : List.of("object", "pods", "resource", "containerResource", "external")) {
            if (!metric.has(source)) {
                continue;
            }
            JsonNode from = metric.get(source);
            ObjectNode to = converted.putObject(source);
            JsonNode value = from.path(values).path("value");
            JsonNode average = from.path(values).path("averageValue");
            JsonNode utilization = from.path(values).path("averageUtilization");
            JsonNode selector = from.path("metric").path("selector");
            switch (source) {
                case "object" -> {
                    to.set("target", from.path("describedObject"));
                    to.set("metricName", from.path("metric").path("name"));
                    to.set(values + "Value", orZero(value));
                    set(to, "selector", selector);
                    set(to, "averageValue", average);
                }
                case "pods" -> {
                    to.set("metricName", from.path("metric").path("name"));
                    to.set(values + "AverageValue", orZero(average));
                    set(to, "selector", selector);
                }
                case "external" -> {
                    to.set("metricName", from.path("metric").path("name"));
                    set(to, "metricSelector", selector);
                    set(to, values + "Value", isTarget ? value : orZero(value));
                    set(to, values + "AverageValue", average);
                }
                default -> {
                    to.set("name", from.path("name"));
                    set(to, values + "AverageUtilization", utilization);
                    set(to, values + "AverageValue", isTarget ? average : orZero(average));
                    set(to, "container", from.path("container"));
                }
            }
        }
        return converted;
    }

    private static JsonNode orZero(JsonNode quantity) {
        return quantity.isMissingNode() ? JsonNodeFactory.instance.textNode("0") : quantity;
    }

    private static void set(ObjectNode target, String name, JsonNode value) {
        if (!value.isMissingNode()) {
            target.set(name, value);
        }
    }

    /** The API server writes a type of its own here, with the names of its fields in Go. */
    private static ObjectNode behavior(JsonNode behavior) {
        ObjectNode converted = JsonNodeFactory.instance.objectNode();
        converted.set("ScaleUp", rules(behavior.get("scaleUp")));
        converted.set("ScaleDown", rules(behavior.get("scaleDown")));
        return converted;
    }

    private static JsonNode rules(JsonNode rules) {
        if (rules == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        ObjectNode converted = JsonNodeFactory.instance.objectNode();
        converted.set("StabilizationWindowSeconds", rules.get("stabilizationWindowSeconds"));
        converted.set("SelectPolicy", rules.get("selectPolicy"));
        if (rules.has("policies")) {
            ArrayNode policies = converted.putArray("Policies");
            for (JsonNode policy : rules.get("policies")) {
                ObjectNode each = policies.addObject();
                each.set("Type", policy.get("type"));
                each.set("Value", policy.get("value"));
                each.set("PeriodSeconds", policy.get("periodSeconds"));
            }
        } else {
            converted.putNull("Policies");
        }
        converted.set("Tolerance", rules.get("tolerance"));
        return converted;
    }

    private static ObjectNode metadata(JsonNode stored, Map<String, JsonNode> added) {
        Map<String, JsonNode> annotations = new TreeMap<>();
        stored.path("annotations").properties().forEach(annotation -> {
            if (!OURS.contains(annotation.getKey())) {
                annotations.put(annotation.getKey(), annotation.getValue());
            }
        });
        added.forEach((name, value) -> annotations.put(
                name, JsonNodeFactory.instance.textNode(new String(GoJson.bytes(value), StandardCharsets.UTF_8))));
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        stored.properties().forEach(member -> {
            if (!LATER.contains(member.getKey()) && !member.getKey().equals("annotations")) {
                metadata.set(member.getKey(), member.getValue());
            }
        });
        if (!annotations.isEmpty()) {
            metadata.putObject("annotations").setAll(annotations);
        }
        copy(stored, metadata, LATER.toArray(String[]::new));
        return metadata;
    }

    private static void copy(JsonNode from, ObjectNode to, String... names) {
        for (String name : names) {
            if (from.has(name)) {
                to.set(name, from.get(name));
            }
        }
    }
}
