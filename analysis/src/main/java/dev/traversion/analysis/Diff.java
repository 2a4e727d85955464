/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What differs between two instants. Types are read one after the other and only objects that changed in between, so that memory
 * does not grow with the recording.
 */
public final class Diff {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the recorder keeps beside the objects. */
    private static final String OWN_GROUP = "traversion.dev";

    /** What controllers make of what others want: told after that. */
    private static final Set<String> DERIVED =
            Set.of("replicasets", "controllerrevisions", "pods", "endpoints", "endpointslices", "nodes", "events");

    private final History history;
    private int added;
    private int removed;
    private int changed;
    private int foldedFields;
    private int foldedObjects;
    private int events;

    private Diff(History history) {
        this.history = history;
    }

    /**
     * What was found, in numbers.
     *
     * @param changed objects that were changed or replaced
     * @param foldedFields fields that differ and say nothing
     * @param foldedObjects objects of which only such fields differ, and leases
     * @param events Events that came
     * @param gaps stretches in between in which something was not observed
     */
    public record Summary(
            int added,
            int removed,
            int changed,
            int foldedFields,
            int foldedObjects,
            int events,
            List<CoverageInterval> gaps) {

        /** Whether nothing differs. */
        public boolean isEmpty() {
            return added + removed + changed == 0;
        }
    }

    /** Gives every object that differs to {@code found}, causes before what follows from them. */
    public static Summary between(History history, Scope scope, long from, long to, Consumer<ObjectChange> found)
            throws IOException {
        return new Diff(history).run(scope, from, to, found);
    }

    private Summary run(Scope scope, long from, long to, Consumer<ObjectChange> found) throws IOException {
        Set<ResourceType> types = new LinkedHashSet<>(history.types(to));
        types.removeIf(type -> type.group().equals(OWN_GROUP)
                || (!scope.types().isEmpty() && !scope.types().contains(type)));
        List<CoverageInterval> gaps = new ArrayList<>();
        List<ResourceType> order = new ArrayList<>(types);
        order.sort(Comparator.comparing((ResourceType type) -> DERIVED.contains(type.resource()))
                .thenComparing(Comparator.naturalOrder()));
        for (ResourceType type : order) {
            history.coverage(type, from, to).stream()
                    .filter(interval -> !interval.observed())
                    .forEach(gaps::add);
            for (Map.Entry<ObjectKey, Long> touched :
                    touched(type, scope, from, to).entrySet()) {
                compare(touched.getKey(), from, to, touched.getValue(), found);
            }
        }
        return new Summary(added, removed, changed, foldedFields, foldedObjects, events, List.copyOf(gaps));
    }

    /** The objects of a type that have versions in between, and when the last one was observed. */
    private Map<ObjectKey, Long> touched(ResourceType type, Scope scope, long from, long to) throws IOException {
        Map<ObjectKey, Long> touched = new TreeMap<>();
        history.changes(type, scope.namespace(), from, to, version -> {
            if (scope.name().isEmpty() || scope.name().equals(version.key().name())) {
                touched.put(version.key(), version.observedAt());
            }
            return true;
        });
        return touched;
    }

    private void compare(ObjectKey key, long from, long to, long observedAt, Consumer<ObjectChange> found)
            throws IOException {
        Optional<ObjectVersion> before = history.get(key, from);
        Optional<ObjectVersion> after = history.get(key, to);
        String resource = key.type().resource();
        if (resource.equals("events")) {
            events += after.isPresent() ? 1 : 0;
        } else if (resource.equals("leases")) {
            foldedObjects++;
        } else if (before.isPresent() && after.isPresent()) {
            changed(before.get(), after.get(), observedAt, found);
        } else if (after.isPresent()) {
            added++;
            String manager = new Managers(read(after.get())).creator().manager();
            found.accept(change(after.get(), ObjectChange.Type.ADDED, observedAt, manager, NOTHING));
        } else if (before.isPresent()) {
            removed++;
            found.accept(change(before.get(), ObjectChange.Type.REMOVED, observedAt, "", NOTHING));
        }
    }

    private static final FieldDiff.Result NOTHING = new FieldDiff.Result(List.of(), 0);

    private void changed(ObjectVersion before, ObjectVersion after, long observedAt, Consumer<ObjectChange> found)
            throws IOException {
        FieldDiff.Result fields = FieldDiff.between(read(before), read(after));
        foldedFields += fields.folded();
        boolean isReplaced = !before.uid().equals(after.uid());
        if (fields.changes().isEmpty() && !isReplaced) {
            foldedObjects += fields.folded() > 0 ? 1 : 0;
            return;
        }
        changed++;
        ObjectChange.Type type = isReplaced ? ObjectChange.Type.REPLACED : ObjectChange.Type.CHANGED;
        found.accept(change(after, type, observedAt, "", fields));
    }

    private static ObjectChange change(
            ObjectVersion version, ObjectChange.Type type, long observedAt, String manager, FieldDiff.Result fields) {
        return new ObjectChange(
                version.key(), version.kind(), type, observedAt, manager, fields.changes(), fields.folded());
    }

    private static JsonNode read(ObjectVersion version) throws IOException {
        return JSON.readTree(version.body());
    }
}
