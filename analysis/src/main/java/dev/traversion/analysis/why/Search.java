/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.rule.Link;
import dev.traversion.analysis.why.rule.Rule;
import dev.traversion.analysis.why.rule.Tier;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Goes back from symptoms to changes, the surest way first. Bounded by steps, whatever the recording holds. */
final class Search {

    /** Troubles looked into for each symptom. */
    private static final int MOST = 64;

    /** Symptoms looked into. */
    private static final int SYMPTOMS = 24;

    private static final int LONGEST = 8;

    static final Comparator<Cause> SUREST =
            Comparator.comparing(Cause::tier).thenComparingDouble(cause -> -cause.explains() * cause.strength());

    private static final Comparator<Cause> ORDER = SUREST.thenComparingLong(
                    cause -> -cause.change().at())
            .thenComparingInt(cause -> cause.chain().size());

    private final World world;
    private final List<Rule> rules;
    private final Set<Trouble> reached = new LinkedHashSet<>();

    Search(World world, List<Rule> rules) {
        this.world = world;
        this.rules = rules;
    }

    private record Way(Trouble trouble, Tier tier, double strength, List<Change> with, List<Step> steps) {}

    /** What may have caused the symptoms, the likeliest first. */
    List<Cause> causes(List<Trouble> symptoms) {
        Map<String, Cause> found = new LinkedHashMap<>();
        Map<String, Double> weights = new LinkedHashMap<>();
        List<Trouble> asked = symptoms.subList(0, Math.min(SYMPTOMS, symptoms.size()));
        for (Trouble symptom : asked) {
            Map<String, Cause> ofSymptom = new LinkedHashMap<>();
            back(symptom, ofSymptom);
            ofSymptom.forEach((id, cause) -> {
                weights.merge(id, 1.0 / asked.size(), Double::sum);
                found.merge(id, cause, (one, other) -> ORDER.compare(one, other) <= 0 ? one : other);
            });
        }
        List<Cause> causes = new ArrayList<>();
        found.forEach((id, cause) -> causes.add(cause.explaining(Math.min(1, weights.get(id)))));
        causes.sort(ORDER);
        return causes;
    }

    /** The troubles that were looked into, each once: the symptoms, and what rules led to from them. */
    List<Trouble> reached() {
        return List.copyOf(reached);
    }

    private void back(Trouble symptom, Map<String, Cause> found) {
        PriorityQueue<Way> open = new PriorityQueue<>(Comparator.comparing(Way::tier)
                .thenComparingDouble(way -> -way.strength())
                .thenComparingInt(way -> way.steps().size()));
        Set<String> seen = new HashSet<>();
        open.add(new Way(symptom, Tier.A, 1, List.of(), List.of()));
        for (int looked = 0; looked < MOST && !open.isEmpty(); looked++) {
            Way way = open.remove();
            if (!seen.add(way.trouble().about().key() + way.trouble().sameness())
                    || way.steps().size() >= LONGEST) {
                continue;
            }
            reached.add(way.trouble());
            for (Rule rule : rules) {
                if (rule.explains().contains(way.trouble().what())) {
                    rule.back(world, way.trouble()).forEach(link -> follow(way, rule, link, open, found));
                }
            }
        }
    }

    private void follow(Way way, Rule rule, Link link, PriorityQueue<Way> open, Map<String, Cause> found) {
        Tier tier = way.tier().worse(link.tier());
        double strength = way.strength() * link.strength();
        List<Change> with = new ArrayList<>(way.with());
        with.addAll(link.with());
        List<Step> steps = new ArrayList<>();
        if (link.trouble() != null) {
            Trouble next = link.trouble();
            steps.add(new Step(
                    rule.name(),
                    link.tier(),
                    next.about(),
                    next.from(),
                    link.text() + ": " + next.text(),
                    link.evidence()));
            steps.addAll(way.steps());
            open.add(new Way(next, tier, strength, with, steps));
            return;
        }
        LedBack led = LedBack.of(world, link.change(), rule.name(), link.tier(), link.text(), link.evidence());
        with.addAll(led.with());
        steps.addAll(led.steps());
        steps.addAll(way.steps());
        boolean isInside = led.change().actor() != null && !led.change().actor().isOutside();
        Cause cause =
                new Cause(tier.worse(led.tier()), isInside ? strength / 2 : strength, led.change(), with, 1, steps);
        found.merge(id(led.change()), cause, (one, other) -> ORDER.compare(one, other) <= 0 ? one : other);
    }

    /** What makes two causes the same one. */
    static String id(Change change) {
        return change.key() + " " + change.operation() + " " + change.path() + " " + change.at();
    }
}
