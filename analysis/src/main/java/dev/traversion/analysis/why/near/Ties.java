/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.near;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.rule.ClusterDns;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How far objects are from what is in trouble, whatever their types: one step from an object to those whose names stand in it, from
 * a Service to the workloads behind it, and to what names or selects an object without being made of pods itself.
 */
final class Ties {

    /** Farther than this nothing is looked for. */
    static final int FARTHEST = 4;

    private static final int MOST = 64;

    /** Versions of one object whose texts are looked at. */
    private static final int VERSIONS = 4;

    /** Namespaces that are looked into. */
    private static final int NAMESPACES = 4;

    /** Pods behind one Service that are looked at. */
    private static final int PODS = 16;

    private static final Pattern UNKNOWN =
            Pattern.compile("lookup |no such host|server misbehaving|Name or service not known|bad address");

    private static final Pattern WORD = Pattern.compile("[^A-Za-z0-9.-]+");

    /** Members that name no other object: what an object is called itself, or its parts are. */
    private static final Set<String> OWN =
            Set.of("metadata", "status", "image", "labels", "matchLabels", "selector", "annotations", "caBundle");

    private static final Set<String> PARTS =
            Set.of("containers", "initContainers", "ports", "volumes", "volumeMounts", "env");

    private static final List<ResourceType> NAMED = List.of(
            Types.SERVICES,
            Types.CONFIG_MAPS,
            Types.SECRETS,
            Types.ACCOUNTS,
            Types.CLAIMS,
            Types.DEPLOYMENTS,
            Types.STATEFUL_SETS);

    private final World world;
    private final Set<String> namespaces = new LinkedHashSet<>();
    private final Set<ObjectKey> pods = new LinkedHashSet<>();
    private final Map<ObjectKey, Integer> steps = new LinkedHashMap<>();
    private final Deque<ObjectKey> open = new ArrayDeque<>();
    private final Map<String, Set<ObjectKey>> byName = new HashMap<>();
    private final Map<ObjectKey, Set<String>> words = new HashMap<>();

    /** Begins at what is in trouble; where names are not known, at the cluster's DNS, too. */
    Ties(World world, ObjectKey target, List<Trouble> troubles) {
        this.world = world;
        enter(target.namespace());
        reach(target, 0);
        for (Trouble trouble : troubles) {
            enter(trouble.about().key().namespace());
            reach(trouble.about().key(), 0);
            reach(world.root(trouble.about()).key(), 0);
        }
        if (troubles.stream()
                .anyMatch(trouble -> UNKNOWN.matcher(trouble.text()).find())) {
            enter(ClusterDns.SERVICE.namespace());
            reach(ClusterDns.SERVICE, 1);
        }
        for (ObjectKey key : List.copyOf(steps.keySet())) {
            addressed(key);
        }
        for (ObjectKey key : steps.keySet()) {
            if (key.type().equals(Types.SERVICES)) {
                pods.addAll(ServiceTroubles.podsEver(world, key).stream()
                        .limit(PODS)
                        .toList());
            }
        }
    }

    /** The namespaces of what is in trouble, and those that it names. */
    Set<String> namespaces() {
        return namespaces;
    }

    /** Those behind Services that are tied to it. */
    Set<ObjectKey> pods() {
        return pods;
    }

    /** Steps by object, 0 of those in trouble themselves; those which nothing ties are missing. */
    Map<ObjectKey, Integer> steps() {
        return steps;
    }

    /** Goes on from there, also to what was changed and leads to what is known already. */
    void follow(Set<ObjectKey> changed) {
        changed.forEach(this::index);
        for (int looked = 0; looked < MOST && !open.isEmpty(); looked++) {
            ObjectKey key = open.remove();
            int next = steps.get(key) + 1;
            if (next <= FARTHEST) {
                forward(key).forEach(other -> reach(other, next));
                for (ObjectKey other : changed) {
                    if (!steps.containsKey(other) && leadsTo(other, key)) {
                        reach(other, next);
                    }
                }
            }
        }
    }

    private void enter(String namespace) {
        if (!namespace.isEmpty() && namespaces.size() < NAMESPACES && namespaces.add(namespace)) {
            Stream.concat(NAMED.stream(), custom(world).stream())
                    .forEach(type -> world.keys(type, namespace).forEach(this::index));
        }
    }

    /** Types that somebody defined. */
    static List<ResourceType> custom(World world) {
        return world.recorded().stream()
                .filter(type -> type.group().contains(".") && !type.group().endsWith(".k8s.io"))
                .toList();
    }

    private void index(ObjectKey key) {
        byName.computeIfAbsent(key.name(), _ -> new HashSet<>()).add(key);
    }

    private void reach(ObjectKey key, int far) {
        if (steps.putIfAbsent(key, far) == null) {
            open.add(key);
        }
    }

    /** Enters the namespaces of the Services that an object has addresses of. */
    private void addressed(ObjectKey key) {
        for (Version version : versions(key)) {
            JsonNode spec = Pods.template(version.body()).path("spec");
            for (ObjectKey service : Addresses.named(world, key.namespace(), spec)) {
                enter(service.namespace());
                reach(service, steps.get(key) + 1);
            }
        }
    }

    private Set<ObjectKey> forward(ObjectKey key) {
        Set<ObjectKey> found = new HashSet<>();
        for (String word : words(key)) {
            found.addAll(byName.getOrDefault(word, Set.of()));
        }
        if (key.type().equals(Types.SERVICES)) {
            for (ObjectKey pod : ServiceTroubles.podsEver(world, key)) {
                found.add(world.root(world.versions(pod).getFirst()).key());
            }
        }
        return found;
    }

    /** Whether an object that is no workload names another one, or selects it. */
    private boolean leadsTo(ObjectKey other, ObjectKey key) {
        boolean isWorkload = versions(other).stream()
                .anyMatch(version -> !Pods.template(version.body()).isMissingNode());
        if (isWorkload || other.type().equals(Types.CONFIG_MAPS) || other.type().equals(Types.SECRETS)) {
            return false;
        }
        if (words(other).contains(key.name())) {
            return true;
        }
        for (Version version : versions(other)) {
            JsonNode selector = version.get("spec", "selector");
            JsonNode picked = selector.isMissingNode() ? version.get("spec", "podSelector") : selector;
            for (Version own : versions(key)) {
                JsonNode template = Pods.template(own.body());
                JsonNode labels = template.path("metadata").path("labels");
                boolean isPicked = other.type().equals(Types.SERVICES)
                        ? Selectors.pairs(picked, labels)
                        : Selectors.matches(picked, labels);
                if (!template.isMissingNode() && isPicked) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The latest version, and those that were changed. */
    private List<Version> versions(ObjectKey key) {
        return world.remember("told", key, () -> {
            List<Version> found = new ArrayList<>();
            world.last(key).filter(version -> !version.deleted()).ifPresent(found::add);
            for (Change change : world.changes(key).reversed()) {
                Version version = change.before() == null ? change.after() : change.before();
                if (found.size() < VERSIONS && !found.contains(version)) {
                    found.add(version);
                }
            }
            return found;
        });
    }

    private Set<String> words(ObjectKey key) {
        return words.computeIfAbsent(key, _ -> {
            Set<String> found = new HashSet<>();
            for (Version version : versions(key)) {
                collect(version.body(), "", found);
            }
            return found;
        });
    }

    private static void collect(JsonNode node, String list, Set<String> found) {
        if (node.isTextual()) {
            for (String word : WORD.split(node.asText())) {
                found.add(word);
                int dot = word.indexOf('.');
                if (dot > 0) {
                    found.add(word.substring(0, dot));
                }
            }
        } else if (node.isArray()) {
            node.forEach(each -> collect(each, list, found));
        } else {
            node.properties().forEach(each -> {
                boolean isPart = each.getKey().equals("name") && PARTS.contains(list);
                if (!isPart && !OWN.contains(each.getKey())) {
                    collect(each.getValue(), each.getKey(), found);
                }
            });
        }
    }
}
