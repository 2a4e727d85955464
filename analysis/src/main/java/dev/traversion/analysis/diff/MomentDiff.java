/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.analysis.Scope;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What differs between two moments.
 *
 * @param counts how many objects came, went, changed
 * @param foldedFields how many fields differ that are noise
 * @param foldedObjects how many objects that are noise as a whole differ, by type
 */
public record MomentDiff(
        Map<ObjectDiff.Change, Integer> counts, int foldedFields, Map<ResourceType, Integer> foldedObjects) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether there is any difference but noise. */
    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /**
     * Compares two moments; only what changed in between is read, and one object at a time is held.
     *
     * @param from the earlier moment, ns
     * @param to the later moment, ns
     * @param differences told of each object, by type and then in the order of the objects' first change
     */
    public static MomentDiff between(History history, long from, long to, Scope scope, Consumer<ObjectDiff> differences)
            throws IOException {
        Map<ObjectDiff.Change, Integer> counts = new TreeMap<>();
        Map<ResourceType, Integer> foldedObjects = new TreeMap<>();
        int foldedFields = 0;
        for (ResourceType type : history.types(to)) {
            if (!scope.contains(type)) {
                continue;
            }
            for (Map.Entry<ObjectKey, Long> changed :
                    changed(history, type, from, to, scope).entrySet()) {
                Optional<ObjectDiff> diff = compare(history, changed.getKey(), changed.getValue(), from, to);
                if (diff.isEmpty()) {
                    continue;
                }
                foldedFields += diff.get().folded();
                boolean isOnlyNoise = diff.get().change() == ObjectDiff.Change.CHANGED
                        && diff.get().fields().isEmpty();
                if (Noise.isNoise(type) && !scope.names(type)) {
                    foldedObjects.merge(type, 1, Integer::sum);
                } else if (!isOnlyNoise) {
                    counts.merge(diff.get().change(), 1, Integer::sum);
                    differences.accept(diff.get());
                }
            }
        }
        return new MomentDiff(counts, foldedFields, foldedObjects);
    }

    /** The objects that changed, with the time of their last change. */
    private static Map<ObjectKey, Long> changed(History history, ResourceType type, long from, long to, Scope scope)
            throws IOException {
        Map<ObjectKey, Long> keys = new LinkedHashMap<>();
        history.changes(type, scope.namespace(), from, to, version -> {
            if (scope.contains(version.key())) {
                keys.put(version.key(), version.observedAt());
            }
            return true;
        });
        return keys;
    }

    private static Optional<ObjectDiff> compare(History history, ObjectKey key, long at, long from, long to)
            throws IOException {
        Optional<ObjectVersion> before = history.get(key, from);
        Optional<ObjectVersion> after = history.get(key, to);
        if (before.isEmpty() && after.isEmpty()) {
            return Optional.empty();
        }
        byte[] old = before.map(ObjectVersion::body).orElse(null);
        byte[] now = after.map(ObjectVersion::body).orElse(null);
        String kind = after.or(() -> before).orElseThrow().kind();
        if (old == null || now == null) {
            ObjectDiff.Change change = old == null ? ObjectDiff.Change.ADDED : ObjectDiff.Change.REMOVED;
            return Optional.of(new ObjectDiff(key, kind, change, at, List.of(), 0, old, now));
        }
        FieldDiff fields = FieldDiff.between(JSON.readTree(old), JSON.readTree(now));
        boolean isOther = !before.get().uid().equals(after.get().uid());
        return Optional.of(new ObjectDiff(
                key,
                kind,
                isOther ? ObjectDiff.Change.REPLACED : ObjectDiff.Change.CHANGED,
                at,
                fields.fields(),
                fields.folded(),
                old,
                now));
    }
}
