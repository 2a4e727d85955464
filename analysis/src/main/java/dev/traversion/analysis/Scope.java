/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.Set;

/**
 * What is asked about.
 *
 * @param types all if empty
 * @param namespace all, and what is in none, if {@code ""}
 * @param name all if {@code ""}
 */
public record Scope(Set<ResourceType> types, String namespace, String name) {

    public boolean contains(ResourceType type) {
        return types.isEmpty() || types.contains(type);
    }

    public boolean contains(ObjectKey key) {
        return contains(key.type())
                && (namespace.isEmpty() || namespace.equals(key.namespace()))
                && (name.isEmpty() || name.equals(key.name()));
    }

    /** Whether a type was asked for by its name. */
    public boolean names(ResourceType type) {
        return types.contains(type);
    }
}
