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
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A budget that lets nobody go. */
final class BudgetBlocks extends PlainRule {

    BudgetBlocks() {
        super(
                "disruption-budget",
                "A PodDisruptionBudget allows no eviction. Proved if it, or the replicas of what it protects, let somebody go before"
                        + " a change and nobody after; or if what it protects is not healthy.",
                Set.of(What.DISRUPTION_BLOCKED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version budget = trouble.about();
        int expected = budget.get("status", "expectedPods").asInt();
        int healthy = budget.get("status", "currentHealthy").asInt(expected);
        for (Change change : world.changes(budget.key())) {
            boolean created = change.operation() == Change.Operation.CREATED;
            if ((created || change.path().startsWith("spec.")) && Rule.precedes(change.at(), trouble)) {
                boolean let = created || healthy > stay(change.before(), expected);
                boolean proved = let && healthy <= stay(change.after(), expected);
                String member = budget.get("spec").has("minAvailable") ? "minAvailable" : "maxUnavailable";
                links.add(Link.to(
                        created ? change.at("spec." + member, budget.get("spec", member)) : change,
                        proved ? Tier.A : Tier.B,
                        proved ? 1 : 0.5,
                        "as many pods must stay as there are"));
            }
        }
        for (Change change : world.changes(Types.DEPLOYMENTS, budget.key().namespace())) {
            boolean fewer = change.path().equals("spec.replicas")
                    && change.old() != null
                    && change.now() != null
                    && change.now().asInt() < change.old().asInt()
                    && protects(budget, change.after());
            if (fewer && Rule.precedes(change.at(), trouble)) {
                int before = change.old().asInt();
                int after = change.now().asInt();
                boolean proved = before > stay(budget, before) && after <= stay(budget, after);
                links.add(Link.to(
                        change,
                        proved ? Tier.A : Tier.B,
                        proved ? 0.9 : 0.5,
                        "the budget protects these pods, and there are fewer"));
            }
        }
        if (healthy < expected && expected > stay(budget, expected)) {
            unhealthy(world, trouble, links);
        }
        return links;
    }

    /** The budget would let somebody go if all that it protects were well. */
    private static void unhealthy(World world, Trouble trouble, List<Link> links) {
        Version budget = trouble.about();
        for (Version maker : world.list(Types.DEPLOYMENTS, budget.key().namespace(), trouble.from())) {
            if (protects(budget, maker)) {
                for (Trouble of : WorkloadTroubles.of(world, maker)) {
                    if (Rule.precedes(of.from(), trouble) && of.to() >= trouble.from()) {
                        links.add(Link.to(of, Tier.A, 0.95, "the budget protects it, and it is not healthy"));
                    }
                }
            }
        }
    }

    private static boolean protects(Version budget, Version maker) {
        return Selectors.matches(
                budget.get("spec", "selector"),
                Pods.template(maker.body()).path("metadata").path("labels"));
    }

    /** How many of so many pods must stay. */
    private static int stay(Version budget, int expected) {
        JsonNode least = budget.get("spec", "minAvailable");
        JsonNode most = budget.get("spec", "maxUnavailable");
        return least.isMissingNode() ? Math.max(0, expected - count(most, expected)) : count(least, expected);
    }

    /** A number, or a share rounded up. */
    private static int count(JsonNode value, int of) {
        String text = value.asText("");
        return text.matches("\\d{1,4}%")
                ? (int) Math.ceil(Integer.parseInt(text.substring(0, text.length() - 1)) * of / 100.0)
                : value.asInt();
    }
}
