/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The wish of an object that does not come true. */
final class OwnSpec extends PlainRule {

    OwnSpec() {
        super(
                "own-spec",
                "A condition of an object became bad after its own spec was changed. Near in time only.",
                Set.of(What.CONDITION_FALSE, What.NODE_NOT_READY));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Change change : world.changes(trouble.about().key())) {
            boolean isWish = change.path().startsWith("spec") || change.operation() == Change.Operation.CREATED;
            if (isWish && Rule.precedes(change.at(), trouble) && !change.path().startsWith("spec.taints")) {
                links.add(Link.to(change, Tier.C, 0.5, "its spec was changed before"));
            }
        }
        return links;
    }
}
