/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
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

/** A budget that selects nobody any more. */
final class BudgetSelector extends PlainRule {

    BudgetSelector() {
        super(
                "budget-selector",
                "A PodDisruptionBudget protects no pod, since its selector was changed, or the labels in the template of the pods that"
                        + " it selected. Proved: it selected pods before that, and none since.",
                Set.of(What.PROTECTS_NOBODY));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String namespace = trouble.about().key().namespace();
        for (Change change : world.changes(trouble.about().key())) {
            boolean isSelector = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("spec.selector")
                    && Rule.precedes(change.at(), trouble);
            if (isSelector && Fields.stands(world, change, trouble.from())) {
                List<Version> pods = world.list(Types.PODS, namespace, change.at());
                boolean isProved = selects(change.before().body(), pods)
                        && !selects(change.after().body(), pods)
                        && Undoing.decides(world, change, budget -> selects(budget, pods));
                links.add(Link.to(
                        change, isProved ? Tier.A : Tier.B, isProved ? 1 : 0.6, "the budget selects no pod any more"));
            }
        }
        JsonNode selector = trouble.about().get("spec", "selector");
        for (var type : List.of(Types.DEPLOYMENTS, Types.STATEFUL_SETS)) {
            for (Change change : world.changes(type, namespace)) {
                boolean isLabel = change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith("spec.template.metadata.labels")
                        && Rule.precedes(change.at(), trouble);
                if (isLabel
                        && Selectors.matches(selector, labels(change.before()))
                        && !Selectors.matches(selector, labels(change.after()))) {
                    links.add(Link.to(change, Tier.A, 1, "the budget does not select the workload's pods any more"));
                }
            }
        }
        return links;
    }

    private static JsonNode labels(Version maker) {
        return Pods.template(maker.body()).path("metadata").path("labels");
    }

    private static boolean selects(JsonNode budget, List<Version> pods) {
        return pods.stream()
                .anyMatch(pod -> Selectors.matches(budget.path("spec").path("selector"), Pods.labels(pod)));
    }
}
