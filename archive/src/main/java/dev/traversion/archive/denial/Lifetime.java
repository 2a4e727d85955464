/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;

/**
 * One lifetime of a namespace: from its creation until it was deleted, and others may follow under the same name. An object belongs to
 * the lifetime in which the API server created it; one of which that is not known, to the one in which it was observed.
 *
 * @param uid of the Namespace object
 * @param created when the API server created it, RFC 3339; {@code ""} if its body does not tell
 * @param createdFrom objects of this lifetime were created then or later; {@code ""} if no earlier lifetime is known
 * @param createdBefore ... and before this; {@code ""} if no later lifetime is known
 * @param from when it was first observed, ns; {@link Long#MIN_VALUE} if no earlier lifetime is known
 * @param to when the next one was first observed, ns; {@link Long#MAX_VALUE} if none is known
 * @param seenFrom when its Namespace object was first observed, ns
 * @param seenTo when that was seen to be deleted, ns; {@link Long#MAX_VALUE} if it was not
 */
public record Lifetime(
        String namespace,
        String uid,
        String created,
        String createdFrom,
        String createdBefore,
        long from,
        long to,
        long seenFrom,
        long seenTo) {

    private static final ResourceType NAMESPACES = new ResourceType("", "namespaces");

    /** The key of the Namespace object. */
    public static ObjectKey key(String namespace) {
        return new ObjectKey(NAMESPACES, "", namespace);
    }

    /** Whether a version is of an object of this lifetime, or of the Namespace object itself. */
    public boolean contains(ObjectVersion version) {
        ObjectKey key = version.key();
        if (key.namespace().isEmpty()) {
            return key.equals(key(namespace)) && version.uid().equals(uid);
        }
        if (!key.namespace().equals(namespace)) {
            return false;
        }
        if (createdFrom.isEmpty() && createdBefore.isEmpty()) {
            return version.observedAt() >= from && version.observedAt() < to;
        }
        String creation = CreationTime.of(version.body());
        if (creation.isEmpty()) {
            return version.observedAt() >= from && version.observedAt() < to;
        }
        // All are of one format, with seconds, in UTC: their order is that of time.
        return (createdFrom.isEmpty() || creation.compareTo(createdFrom) >= 0)
                && (createdBefore.isEmpty() || creation.compareTo(createdBefore) < 0);
    }
}
