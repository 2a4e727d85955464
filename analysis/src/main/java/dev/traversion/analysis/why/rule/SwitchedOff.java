/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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
                "A CronJob or Job was suspended, a Job told to run no pod at a time, or the rollout of a Deployment paused. Proved: it"
                        + " was not before.",
                Set.of(What.SUSPENDED, What.ROLLOUT_PAUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Change change : world.changes(trouble.about().key())) {
            boolean isOff = isOff(trouble.what(), change) && Rule.precedes(change.at(), trouble);
            if (isOff && Fields.stands(world, change, trouble.from())) {
                links.add(Link.to(change, Tier.A, 1, "nothing of it happens until this is undone"));
            }
        }
        return links;
    }

    private static boolean isOff(What what, Change change) {
        JsonNode now = change.now() == null ? MissingNode.getInstance() : change.now();
        return switch (change.path()) {
            case "spec.suspend" -> what == What.SUSPENDED && now.asBoolean();
            case "spec.parallelism" -> what == What.SUSPENDED && now.isNumber() && now.asInt() == 0;
            case "spec.paused" -> what == What.ROLLOUT_PAUSED && now.asBoolean();
            default -> false;
        };
    }
}
