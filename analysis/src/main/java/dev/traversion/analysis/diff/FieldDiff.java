/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields in which two versions of an object differ. Lists whose elements have names are compared by name, so that an element
 * that moved or came in between is not taken for a change of the others. Where Kubernetes goes by their order, another order of
 * those that stayed is a difference of the list, told by their names.
 *
 * @param fields in the order of the later version
 * @param folded how many more differ that are noise
 */
public record FieldDiff(List<FieldChange> fields, int folded) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Members that tell the elements of a list apart, in this order. */
    private static final List<String> KEYS =
            List.of("name", "type", "uid", "ip", "key", "mountPath", "containerPort", "port");

    /** Lists of which Kubernetes takes one element after the other. */
    private static final Set<String> ORDERED = Set.of("initContainers", "env");

    public static FieldDiff between(JsonNode before, JsonNode after) {
        Comparison comparison = new Comparison(after);
        comparison.compare(FieldPath.root(), before, after);
        return new FieldDiff(List.copyOf(comparison.changes), comparison.folded);
    }

    private static final class Comparison {
        private final JsonNode later;
        private final List<FieldChange> changes = new ArrayList<>();
        private int folded;

        Comparison(JsonNode later) {
            this.later = later;
        }

        void compare(FieldPath path, JsonNode before, JsonNode after) {
            if (before != null && before.equals(after)) {
                return;
            }
            if (Noise.isNoise(path)) {
                folded++;
                return;
            }
            if (before != null && after != null && before.isObject() && after.isObject()) {
                Set<String> names = new LinkedHashSet<>();
                after.fieldNames().forEachRemaining(names::add);
                before.fieldNames().forEachRemaining(names::add);
                for (String name : names) {
                    compare(path.to(new FieldPath.Field(name)), before.get(name), after.get(name));
                }
            } else if (before != null && after != null && before.isArray() && after.isArray()) {
                lists(path, before, after);
            } else {
                changes.add(new FieldChange(path, before, after, after == null ? null : FieldOwner.of(later, path)));
            }
        }

        private void lists(FieldPath path, JsonNode before, JsonNode after) {
            for (String key : KEYS) {
                Map<String, JsonNode> old = byKey(before, key);
                Map<String, JsonNode> now = byKey(after, key);
                if (old != null && now != null) {
                    if (ORDERED.contains(path.lastField())) {
                        order(path, old.keySet(), now.keySet());
                    }
                    Set<String> names = new LinkedHashSet<>(now.keySet());
                    names.addAll(old.keySet());
                    for (String name : names) {
                        compare(path.to(new FieldPath.Item(key, name)), old.get(name), now.get(name));
                    }
                    return;
                }
            }
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                compare(path.to(new FieldPath.Index(i)), before.get(i), after.get(i));
            }
        }

        private void order(FieldPath path, Set<String> old, Set<String> now) {
            ArrayNode before = JSON.arrayNode();
            ArrayNode after = JSON.arrayNode();
            old.stream().filter(now::contains).forEach(before::add);
            now.stream().filter(old::contains).forEach(after::add);
            if (!before.equals(after)) {
                // The API server writes down who set an element, but not who moved it.
                changes.add(new FieldChange(path, before, after, null));
            }
        }

        /** The elements by a member that all of them have, each another; null if it does not tell them apart. */
        private static Map<String, JsonNode> byKey(JsonNode list, String key) {
            Map<String, JsonNode> elements = new LinkedHashMap<>();
            for (JsonNode element : list) {
                JsonNode name = element.get(key);
                if (name == null || !name.isValueNode() || elements.put(name.asText(), element) != null) {
                    return null;
                }
            }
            return elements;
        }
    }
}
