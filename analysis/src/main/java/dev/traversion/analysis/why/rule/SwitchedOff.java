/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A workload that was told to wait. */
final class SwitchedOff extends PlainRule {

    SwitchedOff() {
        super(
                "switched-off",
                "A CronJob or Job was suspended, or the rollout of a Deployment paused. Proved: it was not before.",
                Set.of(What.SUSPENDED, What.ROLLOUT_PAUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        String field = trouble.what() == What.SUSPENDED ? "spec.suspend" : "spec.paused";
        List<Link> links = new ArrayList<>();
        for (Change change : world.changes(trouble.about().key())) {
            boolean isOff = change.path().equals(field)
                    && change.now() != null
                    && change.now().asBoolean();
            if (isOff && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 1, "nothing of it happens until this is undone"));
            }
        }
        return links;
    }
}
