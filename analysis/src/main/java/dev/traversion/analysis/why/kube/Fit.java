/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether pods could run on nodes at a moment, as the scheduler's filters decide. */
public final class Fit {

    private final List<Version> nodes;
    private final Map<String, List<Placed>> byNode = new HashMap<>();
    private final Map<String, JsonNode> labels = new HashMap<>();

    /**
     * The nodes and the pods of a moment.
     *
     * @param besides pods that do not count, such as the one asked about
     */
    public Fit(World world, long time, Set<ObjectKey> besides) {
        nodes = world.list(Types.NODES, "", time);
        nodes.forEach(node -> labels.put(node.key().name(), Pods.labels(node)));
        for (Placed pod : Placed.at(world, time)) {
            if (!besides.contains(pod.key())) {
                byNode.computeIfAbsent(pod.node(), _ -> new ArrayList<>()).add(pod);
            }
        }
    }

    /** The pods that were bound to nodes in a stretch. */
    public static List<ObjectKey> boundIn(World world, long from, long to) {
        return Placed.at(world, to).stream()
                .filter(pod -> pod.since() >= from)
                .map(Placed::key)
                .toList();
    }

    /** Whether some node takes the pod. */
    public boolean any(JsonNode spec, JsonNode labels, String namespace) {
        return nodes.stream().anyMatch(node -> on(spec, labels, namespace, node));
    }

    /** Whether a node, as it is in this version, takes the pod. */
    public boolean on(JsonNode spec, JsonNode labels, String namespace, Version node) {
        return selects(spec, node)
                && tolerates(spec, node.get("spec", "taints"), false)
                && !node.get("spec", "unschedulable").asBoolean()
                && hasRoom(spec, node)
                && isApart(spec, labels, namespace, node);
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

    private boolean hasRoom(JsonNode spec, Version node) {
        List<Placed> there = byNode.getOrDefault(node.key().name(), List.of());
        for (Map.Entry<String, JsonNode> room :
                node.get("status", "allocatable").properties()) {
            String resource = room.getKey();
            boolean counted = resource.equals("pods");
            double wanted = counted ? 1 : Pods.request(spec, resource);
            double used = 0;
            for (Placed pod : there) {
                used += counted ? 1 : pod.requests().getOrDefault(resource, 0.0);
            }
            if (wanted > 0 && used + wanted > Quantities.of(room.getValue().asText()) * 1.000001) {
                return false;
            }
        }
        return true;
    }

    private boolean isApart(JsonNode spec, JsonNode labels, String namespace, Version node) {
        JsonNode affinity = spec.path("affinity");
        for (JsonNode term : affinity.path("podAntiAffinity").path("requiredDuringSchedulingIgnoredDuringExecution")) {
            if (hasNeighbour(term, namespace, node)) {
                return false;
            }
        }
        for (JsonNode term : affinity.path("podAffinity").path("requiredDuringSchedulingIgnoredDuringExecution")) {
            boolean self = Selectors.matches(term.path("labelSelector"), labels);
            if (!self && !hasNeighbour(term, namespace, node)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasNeighbour(JsonNode term, String namespace, Version node) {
        String topology = term.path("topologyKey").asText();
        JsonNode place = Pods.labels(node).path(topology);
        for (Map.Entry<String, JsonNode> other : labels.entrySet()) {
            if (!other.getValue().path(topology).equals(place)) {
                continue;
            }
            for (Placed pod : byNode.getOrDefault(other.getKey(), List.of())) {
                boolean inScope = term.path("namespaces").isEmpty()
                        ? pod.key().namespace().equals(namespace)
                        : contains(term.path("namespaces"), pod.key().namespace());
                if (inScope && Selectors.matches(term.path("labelSelector"), pod.labels())) {
                    return true;
                }
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
