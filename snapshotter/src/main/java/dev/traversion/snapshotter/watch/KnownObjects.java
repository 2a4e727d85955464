/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is recorded as existing of one type, to be compared with a list. For one thread. */
final class KnownObjects {

    /** The newest recorded version of an object. */
    record Known(String resourceVersion, String uid) {}

    private final Map<ObjectKey, Known> objects = new HashMap<>();
    private Set<ObjectKey> listed;

    int size() {
        return objects.size();
    }

    List<ObjectKey> keys() {
        return List.copyOf(objects.keySet());
    }

    void put(ObjectKey key, String resourceVersion, String uid) {
        objects.put(key, new Known(resourceVersion, uid));
    }

    Known get(ObjectKey key) {
        return objects.get(key);
    }

    void remove(ObjectKey key) {
        objects.remove(key);
    }

    /** Makes every object one whose version is not recorded. */
    void forgetVersions() {
        objects.replaceAll((key, known) -> new Known("", known.uid()));
    }

    /** Begins to note what a list holds. */
    void beginList() {
        listed = new HashSet<>();
    }

    /** Notes an object of the list; the operation that leads to it, or null if this version is recorded already. */
    Operation list(ObjectKey key, String resourceVersion) {
        listed.add(key);
        Known known = objects.get(key);
        if (known == null) {
            return Operation.ADDED;
        }
        return known.resourceVersion().equals(resourceVersion) ? null : Operation.MODIFIED;
    }

    /** The objects that the list did not hold: deleted since. */
    List<ObjectKey> endList() {
        List<ObjectKey> missing = new ArrayList<>();
        for (ObjectKey key : objects.keySet()) {
            if (!listed.contains(key)) {
                missing.add(key);
            }
        }
        listed = null;
        missing.sort(null);
        return missing;
    }
}
