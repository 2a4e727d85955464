/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether pods could run on nodes at a moment, as the scheduler's filters decide. */
public final class Fit {

    /** The taint that a cordoned node has, too: whoever tolerates it comes all the same. */
    private static final ObjectNode CORDONED = JsonNodeFactory.instance
            .objectNode()
            .put("key", "node.kubernetes.io/unschedulable")
            .put("effect", "NoSchedule");

    private record Who(String namespace, JsonNode labels) {}

    private final List<Version> nodes;
    private final Map<String, List<Placed>> byNode = new HashMap<>();
    private final Map<String, JsonNode> labels = new HashMap<>();
    private final List<Placed> keepers = new ArrayList<>();
    private final Map<Who, Map<String, Set<JsonNode>>> closed = new HashMap<>();
    private final World world;
    private final long time;
    private Spread spread;

    /**
     * The nodes and the pods of a moment.
     *
     * @param besides pods that do not count, such as the one asked about
     */
    public Fit(World world, long time, Set<ObjectKey> besides) {
        this.world = world;
        this.time = time;
        nodes = world.list(Types.NODES, "", time);
        nodes.forEach(node -> labels.put(node.key().name(), Pods.labels(node)));
        for (Placed pod : Placed.at(world, time)) {
            if (!besides.contains(pod.key())) {
                byNode.computeIfAbsent(pod.node(), _ -> new ArrayList<>()).add(pod);
                if (!pod.apart().isEmpty()) {
                    keepers.add(pod);
                }
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

    /** The pods on nodes, at any time of the window, that one with a spec has to be beside. */
    public static List<ObjectKey> besideIn(World world, JsonNode spec, String namespace) {
        return Placed.ever(world).stream()
                .filter(pod -> isBeside(world, spec, namespace, pod.key().namespace(), pod.labels()))
                .map(Placed::key)
                .toList();
    }

    /** Whether a pod with a spec has to be beside those of a namespace that have some labels. */
    public static boolean isBeside(World world, JsonNode spec, String namespace, String other, JsonNode labels) {
        for (JsonNode term : together(spec)) {
            if (Selectors.matches(term.path("labelSelector"), labels) && isInScope(world, term, namespace, other)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all pods may be read: where those of others are hidden, nodes only seem to have room, and nothing is proved. */
    public boolean knowsPods() {
        return world.knows(Types.PODS, "");
    }

    /** Whether some node takes the pod. */
    public boolean any(JsonNode spec, JsonNode labels, String namespace) {
        return nodes.stream().anyMatch(node -> on(spec, labels, namespace, node));
    }

    /** Whether some node that a pod may be meant for takes it with another spec, as of its template, which names no node. */
    public boolean any(JsonNode spec, Version pod) {
        JsonNode own = pod.get("spec");
        return nodes.stream()
                .anyMatch(node -> isNamed(own, node)
                        && on(spec, Pods.labels(pod), pod.key().namespace(), node));
    }

    /** Whether a node is one of those that a spec names, if it names any, as those of a DaemonSet's pods do. */
    private static boolean isNamed(JsonNode spec, Version node) {
        JsonNode terms = required(spec).path("nodeSelectorTerms");
        boolean isNamed = terms.isEmpty();
        for (JsonNode term : terms) {
            isNamed |= Selectors.expressions(term.path("matchFields"), name(node));
        }
        return isNamed;
    }

    private static JsonNode name(Version node) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("metadata.name", node.key().name());
    }

    private static JsonNode required(JsonNode spec) {
        return spec.path("affinity").path("nodeAffinity").path("requiredDuringSchedulingIgnoredDuringExecution");
    }

    /** Whether a node, as it is in this version, takes the pod. */
    public boolean on(JsonNode spec, JsonNode labels, String namespace, Version node) {
        return selects(spec, node)
                && tolerates(spec, node.get("spec", "taints"), false)
                && (!node.get("spec", "unschedulable").asBoolean() || isTolerated(spec.path("tolerations"), CORDONED))
                && hasRoom(spec, node)
                && hasPorts(spec, node)
                && hasVolumes(spec, namespace, node)
                && isApart(spec, labels, namespace, node)
                && isSpread(spec, labels, namespace, node)
                && isLetIn(labels, namespace, node);
    }

    /** Whether a node has the labels that a spec asks for. */
    public static boolean selects(JsonNode spec, Version node) {
        JsonNode labels = Pods.labels(node);
        JsonNode selector = spec.path("nodeSelector");
        if (!selector.isEmpty() && !Selectors.pairs(selector, labels)) {
            return false;
        }
        return fulfils(required(spec), node);
    }

    private static boolean fulfils(JsonNode selector, Version node) {
        JsonNode terms = selector.path("nodeSelectorTerms");
        if (terms.isEmpty()) {
            return true;
        }
        for (JsonNode term : terms) {
            if (Selectors.expressions(term.path("matchExpressions"), Pods.labels(node))
                    && Selectors.expressions(term.path("matchFields"), name(node))) {
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
            if (counts && !isTolerated(spec.path("tolerations"), taint)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTolerated(JsonNode tolerations, JsonNode taint) {
        String effect = taint.path("effect").asText();
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

    /** Whether the volumes of a pod's claims can be used on a node. */
    private boolean hasVolumes(JsonNode spec, String namespace, Version node) {
        for (JsonNode volume : spec.path("volumes")) {
            boolean isUsable = claimed(world, namespace, volume, time)
                    .flatMap(key -> world.at(key, time))
                    .map(each -> reaches(each, node))
                    .orElse(true);
            if (!isUsable) {
                return false;
            }
        }
        return true;
    }

    /** The PersistentVolume that a volume of a pod is, by its claim; empty if it is none, or not bound. */
    public static Optional<ObjectKey> claimed(World world, String namespace, JsonNode volume, long time) {
        String claim = volume.path("persistentVolumeClaim").path("claimName").asText("");
        return Optional.of(claim)
                .filter(name -> !name.isEmpty())
                .flatMap(name -> world.at(new ObjectKey(Types.CLAIMS, namespace, name), time))
                .map(each -> each.get("spec", "volumeName").asText(""))
                .filter(name -> !name.isEmpty())
                .map(name -> new ObjectKey(Types.VOLUMES, "", name));
    }

    /** Whether a volume can be used on a node. */
    public static boolean reaches(Version volume, Version node) {
        return fulfils(volume.get("spec", "nodeAffinity", "required"), node);
    }

    private boolean hasRoom(JsonNode spec, Version node) {
        List<Placed> there = byNode.getOrDefault(node.key().name(), List.of());
        JsonNode allocatable = node.get("status", "allocatable");
        if (lacksDevice(spec, allocatable)) {
            return false;
        }
        for (Map.Entry<String, JsonNode> room : allocatable.properties()) {
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

    private boolean hasPorts(JsonNode spec, Version node) {
        List<Placed> there = byNode.getOrDefault(node.key().name(), List.of());
        return HostPort.of(spec).stream().noneMatch(port -> there.stream()
                .anyMatch(pod -> pod.ports().stream().anyMatch(port::isTakenBy)));
    }

    /** Whether a pod asks for a device, of which a node says nothing at all. */
    private static boolean lacksDevice(JsonNode spec, JsonNode allocatable) {
        for (JsonNode container : spec.path("containers")) {
            for (Map.Entry<String, JsonNode> limit :
                    container.path("resources").path("limits").properties()) {
                boolean isDevice = limit.getKey().contains("/") && Quantities.of(limit.getValue(), 0) > 0;
                if (isDevice && !allocatable.has(limit.getKey())) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isApart(JsonNode spec, JsonNode labels, String namespace, Version node) {
        for (JsonNode term : apart(spec)) {
            if (hasNeighbour(term, namespace, node)) {
                return false;
            }
        }
        for (JsonNode term : together(spec)) {
            boolean self = Selectors.matches(term.path("labelSelector"), labels);
            if (!self && !hasNeighbour(term, namespace, node)) {
                return false;
            }
        }
        return true;
    }

    private boolean isSpread(JsonNode spec, JsonNode labels, String namespace, Version node) {
        if (spread == null || !spread.isOf(spec, labels, namespace)) {
            spread = new Spread(spec, labels, namespace, nodes, this::staying);
        }
        return spread.allows(node);
    }

    /** The pods on a node that were not asked to go. */
    private List<Placed> staying(Version node) {
        return byNode.getOrDefault(node.key().name(), List.of()).stream()
                .filter(pod -> pod.stays(world, time))
                .toList();
    }

    /** The terms by which a pod does not want to be beside others. */
    public static JsonNode apart(JsonNode spec) {
        return spec.path("affinity").path("podAntiAffinity").path("requiredDuringSchedulingIgnoredDuringExecution");
    }

    /** The terms by which a pod has to be beside others. */
    public static JsonNode together(JsonNode spec) {
        return spec.path("affinity").path("podAffinity").path("requiredDuringSchedulingIgnoredDuringExecution");
    }

    /** Whether no pod that is there already keeps this one away. */
    private boolean isLetIn(JsonNode labels, String namespace, Version node) {
        Map<String, Set<JsonNode>> all = closed.computeIfAbsent(new Who(namespace, labels), this::places);
        return all.entrySet().stream()
                .noneMatch(each -> each.getValue().contains(Pods.labels(node).path(each.getKey())));
    }

    /** The places, by topology, from which the pods there keep one of a namespace with some labels away. */
    private Map<String, Set<JsonNode>> places(Who who) {
        Map<String, Set<JsonNode>> found = new HashMap<>();
        for (Placed keeper : keepers) {
            JsonNode its = labels.getOrDefault(keeper.node(), MissingNode.getInstance());
            for (JsonNode term : keeper.apart()) {
                String topology = term.path("topologyKey").asText();
                boolean isMeant = its.has(topology)
                        && Selectors.matches(term.path("labelSelector"), who.labels())
                        && isInScope(world, term, keeper.key().namespace(), who.namespace());
                if (isMeant) {
                    found.computeIfAbsent(topology, _ -> new HashSet<>()).add(its.path(topology));
                }
            }
        }
        return found;
    }

    private boolean hasNeighbour(JsonNode term, String namespace, Version node) {
        String topology = term.path("topologyKey").asText();
        JsonNode place = Pods.labels(node).path(topology);
        if (place.isMissingNode()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> other : labels.entrySet()) {
            if (!other.getValue().path(topology).equals(place)) {
                continue;
            }
            for (Placed pod : byNode.getOrDefault(other.getKey(), List.of())) {
                if (Selectors.matches(term.path("labelSelector"), pod.labels())
                        && isInScope(world, term, namespace, pod.key().namespace())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a term of a pod in a namespace means pods of another one: as this is labelled at the end, if labels decide. */
    private static boolean isInScope(World world, JsonNode term, String namespace, String other) {
        JsonNode selector = term.path("namespaceSelector");
        if (selector.isMissingNode() && term.path("namespaces").isEmpty()) {
            return other.equals(namespace);
        }
        boolean isSelected = selector.isObject()
                && (selector.isEmpty()
                        || world.at(new ObjectKey(Types.NAMESPACES, "", other), world.to())
                                .filter(each -> Selectors.matches(selector, Pods.labels(each)))
                                .isPresent());
        return isSelected || contains(term.path("namespaces"), other);
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
