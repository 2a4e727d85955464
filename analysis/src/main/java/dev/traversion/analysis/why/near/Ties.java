/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.near;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Fit;
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

    /** Characters of one text that are looked at for names. */
    private static final int LONGEST = 32 << 10;

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
    private final List<Trouble> troubles;
    private final List<ResourceType> custom = new ArrayList<>();
    private final Set<String> namespaces = new LinkedHashSet<>();
    private final Set<ObjectKey> pods = new LinkedHashSet<>();
    private final Map<ObjectKey, Integer> steps = new LinkedHashMap<>();
    private final Deque<ObjectKey> open = new ArrayDeque<>();
    private final Map<String, Set<ObjectKey>> byName = new HashMap<>();
    private final Map<ObjectKey, Set<String>> words = new HashMap<>();

    /** Begins at what is in trouble. */
    Ties(World world, ObjectKey target, List<Trouble> troubles) {
        this.world = world;
        this.troubles = troubles;
        enter(target.namespace());
        reach(target, 0);
        for (Trouble trouble : troubles) {
            enter(trouble.about().key().namespace());
            reach(trouble.about().key(), 0);
            reach(world.root(trouble.about()).key(), 0);
        }
    }

    /**
     * Goes on to types that somebody defined, to the namespaces of what has an address, to pods behind Services, and to the cluster's
     * DNS.
     */
    void widen() {
        world.recorded().stream()
                .filter(type -> type.group().contains(".") && !type.group().endsWith(".k8s.io"))
                .forEach(custom::add);
        namespaces.forEach(this::indexAll);
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

    /** Types that somebody defined, as far as they matter. */
    List<ResourceType> custom() {
        return custom;
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
            indexAll(namespace);
        }
    }

    private void indexAll(String namespace) {
        Stream.concat(NAMED.stream(), custom.stream())
                .forEach(type -> world.keys(type, namespace).forEach(this::index));
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

    /** Whether an object that is no workload names another one, or selects it; or is selected by it, or has to be beside it. */
    private boolean leadsTo(ObjectKey other, ObjectKey key) {
        for (Version one : versions(key)) {
            for (Version another : versions(other)) {
                if (selects(one, another) || selects(another, one) || isBeside(one, another)) {
                    return true;
                }
            }
        }
        boolean isNamedOnly = other.type().equals(Types.CONFIG_MAPS)
                || other.type().equals(Types.SECRETS)
                || versions(other).stream()
                        .anyMatch(version -> !Pods.template(version.body()).isMissingNode());
        return !isNamedOnly && words(other).contains(key.name());
    }

    /** Whether what is no workload itself selects the pods that one makes. */
    private static boolean selects(Version one, Version another) {
        JsonNode template = Pods.template(another.body());
        boolean isHere = one.key().namespace().isEmpty()
                || one.key().namespace().equals(another.key().namespace());
        if (!isHere || template.isMissingNode() || !Pods.template(one.body()).isMissingNode()) {
            return false;
        }
        JsonNode labels = template.path("metadata").path("labels");
        JsonNode selector = one.get("spec", "selector");
        JsonNode pods = selector.isMissingNode() ? one.get("spec", "podSelector") : selector;
        boolean isOfPairs = one.key().type().equals(Types.SERVICES)
                || !(pods.isEmpty() || pods.has("matchLabels") || pods.has("matchExpressions"));
        return pods.isObject() && (isOfPairs ? Selectors.pairs(pods, labels) : Selectors.matches(pods, labels));
    }

    /** Whether pods of one have to be beside those of another. */
    private boolean isBeside(Version one, Version another) {
        JsonNode spec = Pods.template(one.body()).path("spec");
        JsonNode labels = Pods.template(another.body()).path("metadata").path("labels");
        String namespace = one.key().namespace();
        return !spec.path("affinity").path("podAffinity").isMissingNode()
                && !labels.isMissingNode()
                && Fit.isBeside(world, spec, namespace, another.key().namespace(), labels);
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
            String text = node.asText();
            for (String word : WORD.split(text.substring(0, Math.min(LONGEST, text.length())))) {
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
