/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Owners and labels of all objects of a type and namespace, read once. Of each object those versions are read with which they may have
 * changed: the first, the last, and each that another manager than that of the version before it wrote.
 */
final class Heads {

    /** Labels that tell objects of one owner apart by what they were made of. */
    private static final List<String> REVISIONS = List.of("pod-template-hash", "controller-revision-hash");

    private record Place(ResourceType type, String namespace) {}

    private record Pair(String label, JsonNode value) {}

    private static final class Index {
        private final Map<String, Set<ObjectKey>> owned = new HashMap<>();
        private final Map<ObjectKey, Set<JsonNode>> labels = new HashMap<>();
        private final Map<Pair, Set<ObjectKey>> pairs = new HashMap<>();
        private final Map<String, List<ObjectKey>> alike = new LinkedHashMap<>();
    }

    private final World world;
    private final Map<Place, Index> known = new HashMap<>();
    private final Map<JsonNode, JsonNode> same = new HashMap<>();

    Heads(World world) {
        this.world = world;
    }

    Set<ObjectKey> owned(ResourceType type, String namespace, String uid) {
        return index(type, namespace).owned.getOrDefault(uid, Set.of());
    }

    Set<ObjectKey> selected(ResourceType type, String namespace, JsonNode pairs) {
        Index index = index(type, namespace);
        Set<ObjectKey> fewest = null;
        for (Map.Entry<String, JsonNode> pair : pairs.properties()) {
            Set<ObjectKey> those = index.pairs.getOrDefault(new Pair(pair.getKey(), pair.getValue()), Set.of());
            fewest = fewest == null || those.size() < fewest.size() ? those : fewest;
        }
        Set<ObjectKey> found = new LinkedHashSet<>(fewest == null ? Set.of() : fewest);
        found.removeIf(key -> index.labels.get(key).stream().noneMatch(labels -> Selectors.pairs(pairs, labels)));
        return found;
    }

    Collection<List<ObjectKey>> alike(ResourceType type, String namespace) {
        return index(type, namespace).alike.values();
    }

    private Index index(ResourceType type, String namespace) {
        return known.computeIfAbsent(new Place(type, namespace), _ -> read(type, namespace));
    }

    private Index read(ResourceType type, String namespace) {
        Index index = new Index();
        for (ObjectKey key : world.keys(type, namespace)) {
            Set<JsonNode> all = new LinkedHashSet<>(2);
            String made = key.path();
            for (Version version : telling(world.versions(key))) {
                JsonNode metadata = version.metadata();
                JsonNode labels = same.computeIfAbsent(metadata.path("labels"), each -> each);
                if (all.add(labels)) {
                    for (Map.Entry<String, JsonNode> label : labels.properties()) {
                        index.pairs
                                .computeIfAbsent(
                                        new Pair(label.getKey(), label.getValue()), _ -> new LinkedHashSet<>(2))
                                .add(key);
                    }
                }
                for (JsonNode reference : metadata.path("ownerReferences")) {
                    String owner = reference.path("uid").asText();
                    index.owned
                            .computeIfAbsent(owner, _ -> new LinkedHashSet<>(2))
                            .add(key);
                    made = owner + revision(labels);
                }
            }
            index.labels.put(key, all);
            index.alike.computeIfAbsent(made, _ -> new ArrayList<>(2)).add(key);
        }
        return index;
    }

    private static String revision(JsonNode labels) {
        StringBuilder text = new StringBuilder();
        for (String each : REVISIONS) {
            text.append('/').append(labels.path(each).asText(""));
        }
        return text.toString();
    }

    private static Set<Version> telling(List<Version> versions) {
        Set<Version> found = new LinkedHashSet<>();
        Version before = null;
        for (Version version : versions) {
            if (version.deleted()) {
                continue;
            }
            if (before == null || !before.manager().equals(version.manager())) {
                found.add(version);
            }
            before = version;
        }
        if (before != null) {
            found.add(before);
        }
        return found;
    }
}
