/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares two versions of an object field by field. What changes with everything else is counted, not named. */
final class FieldDiff {

    /** What tells the elements of a list apart, the best first. */
    private static final List<String> KEYS =
            List.of("name", "type", "mountPath", "containerPort", "port", "uid", "key", "ip");

    private static final Set<String> HEARTBEATS =
            Set.of("lastHeartbeatTime", "lastProbeTime", "lastUpdateTime", "renewTime", "observedGeneration");

    private static final Set<String> NOISE = Set.of(
            "metadata.managedFields",
            "metadata.resourceVersion",
            "metadata.generation",
            "metadata.selfLink",
            "metadata.annotations['kubectl.kubernetes.io/last-applied-configuration']",
            "metadata.annotations['control-plane.alpha.kubernetes.io/leader']",
            "metadata.annotations['endpoints.kubernetes.io/last-change-trigger-time']");

    private final Managers managers;
    private final List<FieldChange> changes = new ArrayList<>();
    private int folded;

    private FieldDiff(JsonNode after) {
        managers = new Managers(after);
    }

    /** What was found. */
    record Result(List<FieldChange> changes, int folded) {}

    static Result between(JsonNode before, JsonNode after) {
        FieldDiff diff = new FieldDiff(after);
        diff.compare(FieldPath.ROOT, before, after);
        diff.foldTransitions();
        return new Result(List.copyOf(diff.changes), diff.folded);
    }

    private void compare(FieldPath path, JsonNode before, JsonNode after) {
        if (before != null && before.equals(after)) {
            return;
        }
        if (HEARTBEATS.contains(path.last()) || NOISE.contains(path.toString())) {
            folded++;
        } else if (before != null && after != null && before.isObject() && after.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            before.fieldNames().forEachRemaining(names::add);
            after.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                compare(path.member(name), before.get(name), after.get(name));
            }
        } else if (before != null && after != null && before.isArray() && after.isArray()) {
            lists(path, before, after);
        } else {
            Managers.Writer writer = managers.of(path);
            changes.add(new FieldChange(path.toString(), before, after, writer.manager(), writer.time()));
        }
    }

    private void lists(FieldPath path, JsonNode before, JsonNode after) {
        String key = key(before, after);
        Map<String, JsonNode> old = byKey(before, key);
        Map<String, JsonNode> now = byKey(after, key);
        int found = changes.size() + folded;
        Set<String> all = new LinkedHashSet<>(old.keySet());
        all.addAll(now.keySet());
        List<String> order = List.copyOf(now.keySet());
        for (String name : all) {
            JsonNode element = now.getOrDefault(name, old.get(name));
            compare(path.element(name, element, order.indexOf(name)), old.get(name), now.get(name));
        }
        if (found == changes.size() + folded) {
            // The same elements in another order.
            Managers.Writer writer = managers.of(path);
            changes.add(new FieldChange(path.toString(), before, after, writer.manager(), writer.time()));
        }
    }

    /** The member all elements have, each another value; {@code ""} if there is none. */
    private static String key(JsonNode before, JsonNode after) {
        for (String key : KEYS) {
            if (isKey(before, key) && isKey(after, key)) {
                return key;
            }
        }
        return "";
    }

    private static boolean isKey(JsonNode list, String key) {
        Set<String> seen = new LinkedHashSet<>();
        for (JsonNode element : list) {
            JsonNode value = element.path(key);
            if (!value.isValueNode() || value.isMissingNode() || !seen.add(value.asText())) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, JsonNode> byKey(JsonNode list, String key) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            elements.put(key.isEmpty() ? Integer.toString(i) : element.path(key).asText(), element);
        }
        return elements;
    }

    /** That a condition changed says when, too. A transition there and back shows only in its time, which stays. */
    private void foldTransitions() {
        Set<String> paths = new LinkedHashSet<>();
        changes.forEach(change -> paths.add(change.path()));
        String time = ".lastTransitionTime";
        int all = changes.size();
        changes.removeIf(change -> change.path().endsWith(time)
                && paths.contains(change.path().substring(0, change.path().length() - time.length()) + ".status"));
        folded += all - changes.size();
    }
}
