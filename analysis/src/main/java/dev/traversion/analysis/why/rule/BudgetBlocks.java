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
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A budget that lets nobody go. */
final class BudgetBlocks extends PlainRule {

    private static final List<ResourceType> MAKERS = List.of(Types.DEPLOYMENTS, Types.STATEFUL_SETS);

    BudgetBlocks() {
        super(
                "disruption-budget",
                "A PodDisruptionBudget allows no eviction. Proved if it, or the replicas of what it protects, let somebody go before"
                        + " a change and nobody since; or if what it protects is not healthy.",
                Set.of(What.DISRUPTION_BLOCKED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version budget = trouble.about();
        int expected = budget.get("status", "expectedPods").asInt();
        int healthy = budget.get("status", "currentHealthy").asInt(expected);
        String member = budget.get("spec").has("minAvailable") ? "minAvailable" : "maxUnavailable";
        for (Change each : world.changes(budget.key())) {
            boolean created = each.operation() == Change.Operation.CREATED;
            Change change = created ? each.at("spec." + member, budget.get("spec", member)) : each;
            boolean isIts = change.path().startsWith("spec.") && Rule.precedes(change.at(), trouble);
            if (isIts && Fields.stands(world, change, trouble.from()) && !letSomebodyGo(world, trouble, change, 0)) {
                boolean let = created ? expected <= stay(budget, expected) : healthy > stay(change.before(), expected);
                boolean proved = let && healthy <= stay(change.after(), expected);
                links.add(Link.to(
                        change, proved ? Tier.A : Tier.B, proved ? 1 : 0.5, "as many pods must stay as there are"));
            }
        }
        MAKERS.forEach(type -> fewer(world, trouble, type, links));
        if (healthy < expected && expected > stay(budget, expected)) {
            unhealthy(world, trouble, links);
        }
        return links;
    }

    /** There are to be fewer of what it protects. */
    private static void fewer(World world, Trouble trouble, ResourceType type, List<Link> links) {
        Version budget = trouble.about();
        for (Change change : world.changes(type, budget.key().namespace())) {
            boolean fewer = change.path().equals("spec.replicas")
                    && change.old() != null
                    && change.now() != null
                    && change.now().asInt() < change.old().asInt()
                    && protects(budget, change.after());
            boolean isIts = fewer && Rule.precedes(change.at(), trouble);
            if (isIts && Fields.stands(world, change, trouble.from())) {
                int before = change.old().asInt();
                int after = change.now().asInt();
                boolean proved = before > stay(budget, before)
                        && after <= stay(budget, after)
                        && !letSomebodyGo(world, trouble, change, after);
                links.add(Link.to(
                        change,
                        proved ? Tier.A : Tier.B,
                        proved ? 0.9 : 0.5,
                        "the budget protects these pods, and there are fewer"));
            }
        }
    }

    /**
     * Whether a budget, as it was seen since a change and before the trouble, let somebody go: then that change did not keep it from
     * doing so.
     *
     * @param most so many pods it may have counted, so that it is not what it said before the others had gone; 0 for any
     */
    private static boolean letSomebodyGo(World world, Trouble trouble, Change change, int most) {
        return world.versions(trouble.about().key()).stream()
                .filter(each -> !each.deleted() && each.at() > change.at() && each.at() < trouble.from())
                .filter(each -> each.get("status", "observedGeneration").asLong()
                        >= each.get("metadata", "generation").asLong())
                .filter(each -> most == 0 || each.get("status", "expectedPods").asInt() <= most)
                .anyMatch(each -> each.get("status", "disruptionsAllowed").asInt() > 0);
    }

    /** The budget would let somebody go if all that it protects were well. */
    private static void unhealthy(World world, Trouble trouble, List<Link> links) {
        Version budget = trouble.about();
        for (ResourceType type : MAKERS) {
            for (Version maker : world.list(type, budget.key().namespace(), trouble.from())) {
                for (Trouble of : protects(budget, maker) ? WorkloadTroubles.of(world, maker) : List.<Trouble>of()) {
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
