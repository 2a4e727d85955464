/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is asked about.
 *
 * @param types all if empty
 * @param namespace all, and what is in none, if {@code ""}
 * @param name all if {@code ""}
 * @param objects only these, whatever else is said; all if empty
 */
public record Scope(Set<ResourceType> types, String namespace, String name, Set<ObjectKey> objects) {

    public Scope(Set<ResourceType> types, String namespace, String name) {
        this(types, namespace, name, Set.of());
    }

    /** Just these objects; what it was if there are none. */
    public Scope replacedBy(Set<ObjectKey> others) {
        Set<ResourceType> theirs = new TreeSet<>();
        others.forEach(key -> theirs.add(key.type()));
        return others.isEmpty() ? this : new Scope(theirs, "", "", others);
    }

    public boolean contains(ResourceType type) {
        return types.isEmpty() || types.contains(type);
    }

    public boolean contains(ObjectKey key) {
        return contains(key.type())
                && (namespace.isEmpty() || namespace.equals(key.namespace()))
                && (name.isEmpty() || name.equals(key.name()))
                && (objects.isEmpty() || objects.contains(key));
    }

    /** Whether a type was asked for by its name. */
    public boolean names(ResourceType type) {
        return types.contains(type);
    }
}
