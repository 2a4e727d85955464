/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A budget that lets nobody go. */
final class BudgetBlocks extends PlainRule {

    BudgetBlocks() {
        super(
                "disruption-budget",
                "A PodDisruptionBudget allows no eviction. Proved: it, or the replicas of what it protects, was changed so that as many"
                        + " must stay as there are.",
                Set.of(What.DISRUPTION_BLOCKED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version budget = trouble.about();
        for (Change change : world.changes(budget.key())) {
            boolean created = change.operation() == Change.Operation.CREATED;
            if ((created || change.path().startsWith("spec.")) && Rule.precedes(change.at(), trouble)) {
                String member = budget.get("spec").has("minAvailable") ? "minAvailable" : "maxUnavailable";
                links.add(Link.to(
                        created ? change.at("spec." + member, budget.get("spec", member)) : change,
                        Tier.A,
                        1,
                        "as many pods must stay as there are"));
            }
        }
        for (Change change : world.changes(Types.DEPLOYMENTS, budget.key().namespace())) {
            boolean fewer = change.path().equals("spec.replicas")
                    && Selectors.matches(
                            budget.get("spec", "selector"),
                            Pods.template(change.after().body())
                                    .path("metadata")
                                    .path("labels"));
            if (fewer && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.B, 0.8, "the budget protects these pods, and there are fewer"));
            }
        }
        return links;
    }
}
