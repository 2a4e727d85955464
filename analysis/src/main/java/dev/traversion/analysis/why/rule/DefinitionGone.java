/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.List;
import java.util.Optional;

/** Custom resources that went because the definition of their kind did. */
final class DefinitionGone {

    private DefinitionGone() {}

    /** The deletion of the definition, at the moment it was asked for; empty if the object was deleted before. */
    static Optional<Behind> behind(World world, Change change) {
        ResourceType type = change.key().type();
        return !type.group().contains(".")
                ? Optional.empty()
                : Leaving.deletion(
                                world,
                                new ObjectKey(Types.DEFINITIONS, "", type.resource() + "." + type.group()),
                                Leaving.begun(world, change))
                        .map(gone -> new Behind(
                                "definition-gone",
                                Tier.A,
                                gone,
                                "with a definition go all objects of its kind",
                                List.of()));
    }
}
