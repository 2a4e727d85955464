/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.Verdict.Outcome;
import dev.traversion.analysis.why.near.Nearby;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.rule.Rules;
import dev.traversion.analysis.why.rule.Tier;
import dev.traversion.analysis.why.trouble.AtRest;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers why something is wrong. */
public final class Why {

    private Why() {}

    /**
     * Looks for the cause of what is wrong with an object.
     *
     * @param history for its gaps only; objects come through the gate
     * @param from how far to go back, ns
     * @param to the moment asked about, ns
     */
    public static Verdict ask(History history, Gate gate, ObjectKey target, long from, long to) throws IOException {
        return ask(history, gate, Kernel.NONE, target, from, to);
    }

    /** The same with what agents saw on the nodes. */
    public static Verdict ask(History history, Gate gate, Kernel kernel, ObjectKey target, long from, long to)
            throws IOException {
        long begin = System.nanoTime();
        World world = new World(gate, kernel, from, to);
        try {
            return answer(history, world, target, begin);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Of several fields that one rule takes for equally likely, the message may speak for one. */
    private static List<Cause> ranked(List<Cause> causes, Nearby nearby) {
        Map<String, Double> suspicion = new HashMap<>();
        causes.forEach(cause -> suspicion.put(Search.id(cause.change()), nearby.suspicion(cause.change())));
        return causes.stream()
                .sorted(Search.SUREST.thenComparingDouble(cause -> -suspicion.get(Search.id(cause.change()))))
                .toList();
    }

    private static Verdict answer(History history, World world, ObjectKey target, long begin) {
        Version version = world.last(target).orElse(null);
        List<Trouble> symptoms = Troubles.of(world, target);
        Search search = new Search(world, Rules.all());
        List<Cause> all = search.causes(symptoms);
        List<Cause> causes =
                all.stream().filter(cause -> cause.tier() != Tier.C).toList();
        Candidates candidates = Candidates.NONE;
        if (!symptoms.isEmpty()) {
            Nearby nearby = new Nearby(world, target, search.reached(), !causes.isEmpty());
            causes = ranked(causes, nearby);
            candidates = Candidates.of(world, nearby, symptoms, all);
        }
        Outcome outcome = version == null
                ? Outcome.ABSENT
                : symptoms.isEmpty() ? Outcome.HEALTHY : causes.isEmpty() ? Outcome.UNKNOWN : Outcome.CAUSE;
        List<Missing> missing = new ArrayList<>(Missing.of(history, world));
        List<Trouble> seen =
                Seen.add(world, symptoms, !causes.isEmpty() && causes.getFirst().tier() == Tier.A, missing);
        List<Cause> shown = new ArrayList<>(causes);
        if (!shown.isEmpty()) {
            shown.set(0, Seen.add(world, shown.getFirst()));
        }
        return new Verdict(
                target,
                version == null ? "" : version.kind(),
                version == null ? Types.apiVersion(target.type()) : version.apiVersion(),
                world.from(),
                world.to(),
                outcome,
                seen,
                List.copyOf(shown),
                candidates.causes(),
                candidates.ruledOut(),
                missing,
                world.hidden(),
                outcome == Outcome.HEALTHY ? AtRest.since(world, version).orElse(null) : null,
                System.nanoTime() - begin,
                world.read());
    }
}
