/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How evenly a pod has to be spread over nodes, as the scheduler's filter of topology spread counts it. */
final class Spread {

    private final JsonNode spec;
    private final JsonNode labels;
    private final String namespace;
    private final List<JsonNode> constraints = new ArrayList<>();

    /** @param labels of the pod */
    Spread(JsonNode spec, JsonNode labels, String namespace) {
        this.spec = spec;
        this.labels = labels;
        this.namespace = namespace;
        for (JsonNode each : spec.path("topologySpreadConstraints")) {
            if (each.path("whenUnsatisfiable").asText().equals("DoNotSchedule")) {
                constraints.add(each);
            }
        }
    }

    /**
     * Whether the pod may be put on a node.
     *
     * @param node as it is thought to be
     * @param nodes all, as they are
     * @param pods those that are there, by node
     */
    boolean allows(Version node, List<Version> nodes, Map<String, List<Placed>> pods) {
        for (JsonNode constraint : constraints) {
            if (!allows(constraint, node, nodes, pods)) {
                return false;
            }
        }
        return true;
    }

    private boolean allows(JsonNode constraint, Version node, List<Version> nodes, Map<String, List<Placed>> pods) {
        String topology = constraint.path("topologyKey").asText();
        JsonNode place = Pods.labels(node).path(topology);
        if (place.isMissingNode()) {
            return false;
        }
        Map<JsonNode, Integer> counts = new HashMap<>();
        counts.put(place, 0);
        for (Version other : nodes) {
            Version each = other.key().equals(node.key()) ? node : other;
            if (counts(constraint, each)) {
                counts.merge(Pods.labels(each).path(topology), alike(constraint, each, pods), Integer::sum);
            }
        }
        boolean isFew = counts.size() < constraint.path("minDomains").asInt(1);
        int least = isFew ? 0 : counts.values().stream().min(Integer::compare).orElse(0);
        int own = isAlike(constraint, labels) ? 1 : 0;
        return counts.get(place) + own - least <= constraint.path("maxSkew").asInt();
    }

    /** Whether a node is one of those over which pods are to be spread: it has the topologies, and those that count by policy. */
    private boolean counts(JsonNode constraint, Version node) {
        for (JsonNode each : constraints) {
            if (!Pods.labels(node).has(each.path("topologyKey").asText())) {
                return false;
            }
        }
        boolean selected =
                constraint.path("nodeAffinityPolicy").asText("Honor").equals("Ignore") || Fit.selects(spec, node);
        boolean tolerated =
                !constraint.path("nodeTaintsPolicy").asText("Ignore").equals("Honor")
                        || Fit.tolerates(spec, node.get("spec", "taints"), false);
        return selected && tolerated;
    }

    private int alike(JsonNode constraint, Version node, Map<String, List<Placed>> pods) {
        int count = 0;
        for (Placed pod : pods.getOrDefault(node.key().name(), List.of())) {
            if (pod.key().namespace().equals(namespace) && isAlike(constraint, pod.labels())) {
                count++;
            }
        }
        return count;
    }

    private boolean isAlike(JsonNode constraint, JsonNode others) {
        if (!Selectors.matches(constraint.path("labelSelector"), others)) {
            return false;
        }
        for (JsonNode key : constraint.path("matchLabelKeys")) {
            JsonNode own = labels.path(key.asText());
            if (!own.isMissingNode() && !own.equals(others.path(key.asText()))) {
                return false;
            }
        }
        return true;
    }
}
