/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The place of an object in the API: what a GET names. Several lifetimes (uids) of an object share one key.
 *
 * <p>The order is the API server's list order: by type, then by the bytes of {@code namespace/name}. That is not the order of
 * (namespace, name): {@code a-b/x} comes before {@code a/x}.
 *
 * @param namespace {@code ""} for cluster-scoped objects
 */
public record ObjectKey(ResourceType type, String namespace, String name) implements Comparable<ObjectKey> {

    @Override
    public int compareTo(ObjectKey other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : Arrays.compareUnsigned(pathBytes(), other.pathBytes());
    }

    /** {@code namespace/name}, or {@code name} for cluster-scoped objects. */
    public String path() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    private byte[] pathBytes() {
        return path().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return type + " " + path();
    }
}
