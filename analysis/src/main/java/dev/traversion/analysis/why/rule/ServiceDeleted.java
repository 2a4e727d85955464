/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.List;
import java.util.Set;

/** A Service that somebody deleted. */
final class ServiceDeleted extends PlainRule {

    ServiceDeleted() {
        super(
                "service-deleted",
                "A Service was deleted: its name does not resolve, and its address leads nowhere. Proved by its absence.",
                Set.of(What.SERVICE_GONE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        return world.changes(trouble.about().key()).stream()
                .filter(change -> change.operation() == Change.Operation.DELETED)
                .map(change -> Link.to(change, Tier.A, 1, "the Service was deleted"))
                .toList();
    }
}
