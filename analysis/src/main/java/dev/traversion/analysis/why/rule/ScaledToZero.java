/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A workload that is to have no pods. */
final class ScaledToZero extends PlainRule {

    ScaledToZero() {
        super(
                "scaled-to-zero",
                "The replicas of a workload were set to 0. Proved: there were some before.",
                Set.of(What.SCALED_TO_ZERO));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Change change : world.changes(trouble.about().key())) {
            if (change.path().equals("spec.replicas")
                    && change.now() != null
                    && change.now().asInt() == 0) {
                links.add(Link.to(change, Tier.A, 1, "it is to have no pods"));
            }
        }
        return links;
    }
}
