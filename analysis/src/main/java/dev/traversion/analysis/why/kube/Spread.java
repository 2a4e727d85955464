/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How evenly a pod has to be spread over nodes, as the scheduler's filter of topology spread counts it. */
final class Spread {

    /** Of a node over which pods are not to be spread. */
    private static final int OTHER = -1;

    private final JsonNode spec;
    private final JsonNode labels;
    private final String namespace;
    private final List<Version> nodes;
    private final Function<Version, List<Placed>> pods;
    private final List<JsonNode> constraints = new ArrayList<>();
    private final Map<Place, Integer> alike = new HashMap<>();

    private record Place(int constraint, Version node) {}

    /**
     * Reads nothing yet.
     *
     * @param labels of the pod
     * @param nodes all, as they are
     * @param pods those on a node that are not asked to go, which do not count
     */
    Spread(
            JsonNode spec,
            JsonNode labels,
            String namespace,
            List<Version> nodes,
            Function<Version, List<Placed>> pods) {
        this.spec = spec;
        this.labels = labels;
        this.namespace = namespace;
        this.nodes = nodes;
        this.pods = pods;
        for (JsonNode each : spec.path("topologySpreadConstraints")) {
            if (each.path("whenUnsatisfiable").asText().equals("DoNotSchedule")) {
                constraints.add(each);
            }
        }
    }

    /** Whether it is about the same pod. */
    boolean isOf(JsonNode otherSpec, JsonNode otherLabels, String otherNamespace) {
        return spec.equals(otherSpec) && labels.equals(otherLabels) && namespace.equals(otherNamespace);
    }

    /** Whether the pod may be put on a node, as that is thought to be. */
    boolean allows(Version node) {
        for (int constraint = 0; constraint < constraints.size(); constraint++) {
            if (!allows(constraint, node)) {
                return false;
            }
        }
        return true;
    }

    private boolean allows(int number, Version node) {
        JsonNode constraint = constraints.get(number);
        String topology = constraint.path("topologyKey").asText();
        JsonNode place = Pods.labels(node).path(topology);
        if (place.isMissingNode()) {
            return false;
        }
        Map<JsonNode, Integer> counts = new HashMap<>();
        counts.put(place, 0);
        for (Version other : nodes) {
            Version each = other.key().equals(node.key()) ? node : other;
            int there = alike.computeIfAbsent(new Place(number, each), _ -> count(constraint, each));
            if (there != OTHER) {
                counts.merge(Pods.labels(each).path(topology), there, Integer::sum);
            }
        }
        boolean isFew = counts.size() < constraint.path("minDomains").asInt(1);
        int least = isFew ? 0 : counts.values().stream().min(Integer::compare).orElse(0);
        int own = isAlike(constraint, labels) ? 1 : 0;
        return counts.get(place) + own - least <= constraint.path("maxSkew").asInt();
    }

    /** How many pods are on a node that count, or {@link #OTHER} if it does not. */
    private int count(JsonNode constraint, Version node) {
        if (!counts(constraint, node)) {
            return OTHER;
        }
        int count = 0;
        for (Placed pod : pods.apply(node)) {
            if (pod.key().namespace().equals(namespace) && isAlike(constraint, pod.labels())) {
                count++;
            }
        }
        return count;
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
