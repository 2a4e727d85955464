/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.Verdict.RuledOut;
import dev.traversion.analysis.why.near.Nearby;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.rule.Rule;
import dev.traversion.analysis.why.rule.Tier;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What may be the cause where nothing tells that it is, and what is not.
 *
 * @param causes of tier C, the likeliest first; none but what rules found if there is a cause
 * @param ruledOut changes near it that came too late, or that no rule connects
 */
record Candidates(List<Cause> causes, List<RuledOut> ruledOut) {

    static final Candidates NONE = new Candidates(List.of(), List.of());

    private static final int MOST = 10;

    /** Changes longer before a symptom are not near any more, ns. */
    private static final long NEAR = 900_000_000_000L;

    /** What a rule has to say counts so much. */
    private static final double BY_RULE = 0.5;

    /**
     * Ranks them.
     *
     * @param troubles what is wrong
     * @param found by rules
     */
    static Candidates of(World world, Nearby nearby, List<Trouble> troubles, List<Cause> found) {
        Set<String> known = new HashSet<>();
        found.forEach(cause -> known.add(Search.id(cause.change())));
        boolean isKnown = found.stream().anyMatch(cause -> cause.tier() != Tier.C);
        long start = troubles.stream().mapToLong(Trouble::from).min().orElse(world.to());
        Map<Cause, Double> scores = new LinkedHashMap<>();
        found.stream()
                .filter(cause -> cause.tier() == Tier.C)
                .forEach(cause -> scores.put(
                        cause, nearby.suspicion(cause.change()) + BY_RULE * cause.strength() * cause.explains()));
        Map<Change, Double> others = new LinkedHashMap<>();
        for (Change change : nearby.changes()) {
            if (known.add(Search.id(change))) {
                others.put(change, nearby.suspicion(change));
            }
        }
        List<RuledOut> ruledOut = new ArrayList<>();
        Set<String> named = new HashSet<>();
        scores.keySet().forEach(cause -> named.add(Search.id(cause.change())));
        for (Change change : ranked(others)) {
            if (change.at() > start + Rule.SLACK) {
                ruledOut.add(new RuledOut(change, "it came after the trouble had begun"));
            } else if (isKnown || start - change.at() >= NEAR) {
                ruledOut.add(new RuledOut(change, "no rule leads from it to what went wrong"));
            } else if (named.size() < MOST + found.size()) {
                Cause near = near(world, change);
                if (named.add(Search.id(near.change()))) {
                    scores.put(near, others.get(change));
                }
            }
        }
        List<Cause> causes = ranked(scores);
        return new Candidates(first(causes), first(ruledOut));
    }

    /** Of what the cluster's controllers did, where it comes from. */
    private static Cause near(World world, Change change) {
        List<Evidence> evidence = List.of(Evidence.version(change.after(), change.text()));
        LedBack led = LedBack.of(world, change, "near-in-time", Tier.C, "near in time and place only", evidence);
        return new Cause(Tier.C, 0.1, led.change(), led.with(), 1, led.steps());
    }

    private static <T> List<T> ranked(Map<T, Double> scores) {
        return scores.entrySet().stream()
                .sorted(Map.Entry.<T, Double>comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(MOST, all.size()));
    }
}
