/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.OtherTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Somebody who wanted to evict a pod, and says that a budget did not let it go. */
final class BudgetRefuses extends PlainRule {

    BudgetRefuses() {
        super(
                "budget-refuses",
                "A message says that a pod, which it names, could not be evicted without violating its disruption budget. Proved by the"
                        + " budget, if it selects the pod and lets nobody go.",
                TemplateRule.and(TemplateRule.RUNNING, What.CONDITION_FALSE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!trouble.text().contains("disruption budget")) {
            return links;
        }
        Set<ObjectKey> budgets = new LinkedHashSet<>(
                world.keys(Types.BUDGETS, trouble.about().key().namespace()));
        budgets.addAll(world.keys(Types.BUDGETS, ""));
        for (ObjectKey budget : budgets) {
            for (Trouble of : OtherTroubles.of(world, budget)) {
                if (of.what() == What.DISRUPTION_BLOCKED
                        && Rule.precedes(of.from(), trouble)
                        && selectsOne(world, of.about(), trouble)) {
                    links.add(Link.to(of, Tier.A, 1, "the message names a pod that it protects"));
                }
            }
        }
        return links;
    }

    /** Whether a budget selects a pod that a message names. */
    private static boolean selectsOne(World world, Version budget, Trouble trouble) {
        return world.list(Types.PODS, budget.key().namespace(), trouble.from()).stream()
                .filter(pod -> Rule.names(trouble.text(), pod.key().name()))
                .anyMatch(pod -> Selectors.matches(budget.get("spec", "selector"), Pods.labels(pod)));
    }
}
