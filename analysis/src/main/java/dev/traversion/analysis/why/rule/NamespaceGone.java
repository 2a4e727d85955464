/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Objects that went because their namespace did. */
final class NamespaceGone {

    private NamespaceGone() {}

    /** The deletion of the namespace, at the moment it was asked for; empty if the object was deleted before. */
    static Optional<Behind> behind(World world, Change change) {
        String space = change.key().namespace();
        return space.isEmpty()
                ? Optional.empty()
                : Leaving.deletion(world, new ObjectKey(Types.NAMESPACES, "", space), Leaving.begun(world, change))
                        .map(gone -> new Behind(
                                "namespace-gone", Tier.A, gone, "what is in a namespace goes with it", List.of()));
    }
}
