/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An autoscaler that may not scale as far as it wants. */
final class ScalerLimit extends PlainRule {

    ScalerLimit() {
        super(
                "scaler-limit",
                "A HorizontalPodAutoscaler wants more replicas than its maximum. Proved: the maximum was lowered before.",
                Set.of(What.SCALING_LIMITED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Change change : world.changes(trouble.about().key())) {
            boolean lowered = change.path().equals("spec.maxReplicas")
                    && change.old() != null
                    && change.now() != null
                    && change.now().asInt() < change.old().asInt()
                    && Rule.precedes(change.at(), trouble)
                    && Fields.stands(
                            world,
                            change,
                            trouble.from(),
                            version -> version.get("spec", "maxReplicas").asInt()
                                    < change.old().asInt());
            if (lowered) {
                links.add(Link.to(change, Tier.A, 1, "it may not scale as far as it wants"));
            } else if (change.operation() == Change.Operation.CREATED) {
                links.add(Link.to(
                        change.at("spec.maxReplicas", change.after().get("spec", "maxReplicas")),
                        Tier.B,
                        0.6,
                        "it was created with a maximum below what it wants"));
            }
        }
        return links;
    }
}
