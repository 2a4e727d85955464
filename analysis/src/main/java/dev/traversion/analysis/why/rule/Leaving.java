/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.Optional;

/** Objects that take what is in them along before they are gone themselves. */
final class Leaving {

    private Leaving() {}

    /** When it was asked for that an object goes, which may wait for finalizers, or for its containers to end; ns. */
    static long begun(World world, Change gone) {
        for (Version version : world.versions(gone.key())) {
            boolean isOfIt = version.uid().equals(gone.after().uid()) && !version.deleted();
            if (isOfIt && version.get("metadata").has("deletionTimestamp")) {
                return version.at();
            }
        }
        return gone.at();
    }

    /** The deletion of an object at the moment it was asked for; empty if that was not until then, give or take, or not seen. */
    static Optional<Change> deletion(World world, ObjectKey key, long until) {
        Version before = null;
        Version leaving = null;
        for (Version version : world.versions(key)) {
            if (version.deleted() || version.at() > until + Rule.SLACK / 2) {
                continue;
            }
            boolean isLeaving = version.get("metadata").has("deletionTimestamp");
            if (!isLeaving) {
                before = version;
            }
            leaving = !isLeaving ? null : leaving == null ? version : leaving;
        }
        return before == null || leaving == null || !before.uid().equals(leaving.uid())
                ? Optional.empty()
                : Optional.of(new Change(before, before, Change.Operation.DELETED, "", null, null, leaving.at(), null));
    }
}
