/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Version;
import java.util.List;
import java.util.Map;

/** Whether a pod could run on a node, as the scheduler's filters decide. */
public final class Fit {

    private Fit() {}

    /** Whether some node takes the pod. */
    public static boolean any(
            JsonNode spec, JsonNode labels, String namespace, List<Version> nodes, List<Version> pods) {
        return nodes.stream().anyMatch(node -> on(spec, labels, namespace, node, nodes, pods));
    }

    /**
     * Whether a node takes the pod.
     *
     * @param pods all that are there, the pod itself not
     */
    public static boolean on(
            JsonNode spec, JsonNode labels, String namespace, Version node, List<Version> nodes, List<Version> pods) {
        return selects(spec, node)
                && tolerates(spec, node.get("spec", "taints"), false)
                && !node.get("spec", "unschedulable").asBoolean()
                && hasRoom(spec, node, pods)
                && isApart(spec, labels, namespace, node, nodes, pods);
    }

    private static boolean selects(JsonNode spec, Version node) {
        JsonNode labels = Pods.labels(node);
        JsonNode selector = spec.path("nodeSelector");
        if (!selector.isEmpty() && !Selectors.pairs(selector, labels)) {
            return false;
        }
        JsonNode terms = spec.path("affinity")
                .path("nodeAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution")
                .path("nodeSelectorTerms");
        if (terms.isEmpty()) {
            return true;
        }
        for (JsonNode term : terms) {
            if (Selectors.expressions(term.path("matchExpressions"), labels)) {
                return true;
            }
        }
        return false;
    }

    /** @param executing only taints that drive running pods away count */
    public static boolean tolerates(JsonNode spec, JsonNode taints, boolean executing) {
        for (JsonNode taint : taints) {
            String effect = taint.path("effect").asText();
            boolean counts = effect.equals("NoExecute") || (!executing && effect.equals("NoSchedule"));
            if (counts && !isTolerated(spec.path("tolerations"), taint, effect)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTolerated(JsonNode tolerations, JsonNode taint, String effect) {
        for (JsonNode each : tolerations) {
            String key = each.path("key").asText("");
            boolean sameKey = key.isEmpty() || key.equals(taint.path("key").asText());
            boolean sameEffect = each.path("effect").asText("").isEmpty()
                    || each.path("effect").asText().equals(effect);
            boolean sameValue = each.path("operator").asText("Equal").equals("Exists")
                    || each.path("value").asText("").equals(taint.path("value").asText(""));
            if (sameKey && sameEffect && sameValue) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasRoom(JsonNode spec, Version node, List<Version> pods) {
        for (Map.Entry<String, JsonNode> room :
                node.get("status", "allocatable").properties()) {
            String resource = room.getKey();
            boolean counted = resource.equals("pods");
            double wanted = counted ? 1 : Pods.request(spec, resource);
            double used = 0;
            for (Version pod : pods) {
                boolean runs = !List.of("Succeeded", "Failed")
                        .contains(pod.get("status", "phase").asText());
                if (wanted > 0 && runs && nodeOf(pod).equals(node.key().name())) {
                    used += counted ? 1 : Pods.request(pod.get("spec"), resource);
                }
            }
            if (wanted > 0 && used + wanted > Quantities.of(room.getValue().asText()) * 1.000001) {
                return false;
            }
        }
        return true;
    }

    private static String nodeOf(Version pod) {
        return pod.get("spec", "nodeName").asText("");
    }

    private static boolean isApart(
            JsonNode spec, JsonNode labels, String namespace, Version node, List<Version> nodes, List<Version> pods) {
        JsonNode affinity = spec.path("affinity");
        for (JsonNode term : affinity.path("podAntiAffinity").path("requiredDuringSchedulingIgnoredDuringExecution")) {
            if (hasNeighbour(term, namespace, node, nodes, pods)) {
                return false;
            }
        }
        for (JsonNode term : affinity.path("podAffinity").path("requiredDuringSchedulingIgnoredDuringExecution")) {
            boolean self = Selectors.matches(term.path("labelSelector"), labels);
            if (!self && !hasNeighbour(term, namespace, node, nodes, pods)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasNeighbour(
            JsonNode term, String namespace, Version node, List<Version> nodes, List<Version> pods) {
        String topology = term.path("topologyKey").asText();
        JsonNode place = Pods.labels(node).path(topology);
        for (Version pod : pods) {
            boolean there = nodes.stream()
                    .anyMatch(other -> other.key().name().equals(nodeOf(pod))
                            && Pods.labels(other).path(topology).equals(place));
            boolean inScope = term.path("namespaces").isEmpty()
                    ? pod.key().namespace().equals(namespace)
                    : contains(term.path("namespaces"), pod.key().namespace());
            if (there && inScope && Selectors.matches(term.path("labelSelector"), Pods.labels(pod))) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(JsonNode names, String name) {
        for (JsonNode each : names) {
            if (each.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
