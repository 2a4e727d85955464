/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Versions held in one place: a committed part, or the unsealed tail. Safe for concurrent use. A source knows nothing of the
 * sources before and after it: {@link ObjectVersion#validTo()} is {@link Long#MAX_VALUE} for its last version of a key.
 *
 * <p>Carry rows count as versions for {@link #types}, {@link #last}, {@link #states} and {@link #resourceVersion}; they are not
 * changes, so {@link #versions}, {@link #changes} and {@link #firstNewer} leave them out. The tail has none.
 */
public interface VersionSource {

    /** The types with any version, deletions included, observed at or before {@code time}; in order. */
    List<ResourceType> types(long time);

    /** The newest version of a key observed at or before {@code time}, a deletion included. It stays valid. */
    Optional<ObjectVersion> last(ObjectKey key, long time);

    /**
     * The newest version observed at or before {@code time} of each key of a type, in key order, deletions included.
     *
     * @param namespace only this namespace; {@code ""} for all
     * @param after only keys strictly after this one; null for all
     */
    VersionCursor states(ResourceType type, String namespace, ObjectKey after, long time);

    /**
     * The changes of a key observed in {@code [from, to]}, oldest first.
     *
     * @return false if the visitor wanted no more
     */
    boolean versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException;

    /**
     * The changes of a type observed in {@code (from, to]}, in the order of observation.
     *
     * @param namespace only this namespace; {@code ""} for all
     * @return false if the visitor wanted no more
     */
    boolean changes(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException;

    /**
     * The same changes, in the order in which they are read quickest: those of one key oldest first.
     *
     * @return false if the visitor wanted no more
     */
    default boolean unorderedChanges(
            ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        return changes(type, namespace, from, to, visitor);
    }

    /** The greatest resourceVersion of a type among what was observed at or before {@code time}; {@code ""} if none. */
    String resourceVersion(ResourceType type, long time);

    /**
     * When the first change of a type whose resourceVersion is greater than the given one was observed, ns. The initial list of a
     * watch is not in the order of resourceVersion, so "first" is by observation.
     */
    OptionalLong firstNewer(ResourceType type, String resourceVersion);

    /** When the first change of a type was observed, ns; empty if the source holds no change of it. */
    OptionalLong firstChange(ResourceType type);

    /** When the last change of a type was observed, ns; empty if the source holds no change of it. */
    OptionalLong lastChange(ResourceType type);
}
