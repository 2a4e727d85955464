/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.List;
import java.util.Set;

/** Something that is not there any more. */
final class ObjectDeleted extends PlainRule {

    ObjectDeleted() {
        super("deleted", "The object was deleted. Proved by its absence.", Set.of(What.GONE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        return world.changes(trouble.about().key()).stream()
                .filter(change -> change.operation() == Change.Operation.DELETED)
                .filter(change -> Rule.precedes(change.at(), trouble))
                .map(change -> Link.to(change, Tier.A, 1, "it was deleted"))
                .toList();
    }
}
