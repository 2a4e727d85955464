/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Objects that went because their namespace did. */
final class NamespaceGone {

    private NamespaceGone() {}

    /** The deletion of the namespace, at the moment it was asked for; empty if the object was deleted before. */
    static Optional<Behind> behind(World world, Change change) {
        ObjectKey namespace = new ObjectKey(Types.NAMESPACES, "", change.key().namespace());
        Version before = null;
        Version leaving = null;
        for (Version version : change.key().namespace().isEmpty() ? List.<Version>of() : world.versions(namespace)) {
            if (version.deleted() || version.at() > change.at()) {
                continue;
            }
            boolean isLeaving = version.get("metadata").has("deletionTimestamp");
            if (!isLeaving) {
                before = version;
            }
            leaving = !isLeaving ? null : leaving == null ? version : leaving;
        }
        if (before == null || leaving == null || !before.uid().equals(leaving.uid())) {
            return Optional.empty();
        }
        Change gone = new Change(before, before, Change.Operation.DELETED, "", null, null, leaving.at(), null);
        return Optional.of(
                new Behind("namespace-gone", Tier.A, gone, "what is in a namespace goes with it", List.of()));
    }
}
