/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.Verdict.Outcome;
import dev.traversion.analysis.why.Verdict.RuledOut;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Answers why something is wrong. */
public final class Why {

    private static final int CANDIDATES = 10;

    /** Changes longer before a symptom are not near any more, ns. */
    private static final long NEAR = 900_000_000_000L;

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

    private static Verdict answer(History history, World world, ObjectKey target, long begin) {
        Version version = world.last(target).orElse(null);
        List<Trouble> symptoms = Troubles.of(world, target);
        List<Cause> all = symptoms.isEmpty() ? List.of() : new Search(world, Rules.all()).causes(symptoms);
        List<Cause> causes =
                all.stream().filter(cause -> cause.tier() != Tier.C).toList();
        List<Cause> candidates = new ArrayList<>(
                all.stream().filter(cause -> cause.tier() == Tier.C).toList());
        List<RuledOut> ruledOut = new ArrayList<>();
        if (!symptoms.isEmpty()) {
            nearby(world, target, symptoms, all, candidates, ruledOut);
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
                List.copyOf(candidates),
                ruledOut,
                missing,
                world.hidden(),
                outcome == Outcome.HEALTHY ? AtRest.since(world, version).orElse(null) : null,
                System.nanoTime() - begin,
                world.read());
    }

    /** Changes that no rule connects are candidates if they came before the trouble, and ruled out if after it. */
    private static void nearby(
            World world,
            ObjectKey target,
            List<Trouble> symptoms,
            List<Cause> all,
            List<Cause> candidates,
            List<RuledOut> ruledOut) {
        Set<String> known = new HashSet<>();
        all.forEach(cause -> known.add(Search.id(cause.change())));
        long start = symptoms.stream().mapToLong(Trouble::from).min().orElse(world.to());
        for (Change change : Nearby.changes(world, target, symptoms)) {
            if (known.contains(Search.id(change))) {
                continue;
            }
            if (change.at() > start + 2_000_000_000L) {
                if (ruledOut.size() < CANDIDATES) {
                    ruledOut.add(new RuledOut(change, "it came after the trouble had begun"));
                }
            } else if (all.stream().noneMatch(cause -> cause.tier() != Tier.C)
                    && candidates.size() < CANDIDATES
                    && start - change.at() < NEAR) {
                candidates.add(new Cause(
                        Tier.C,
                        0.1,
                        change,
                        List.of(),
                        1,
                        List.of(new Step(
                                "near-in-time",
                                Tier.C,
                                change.after(),
                                change.at(),
                                change.text() + ": near in time and place only",
                                List.of(Evidence.version(change.after(), change.text()))))));
            } else if (ruledOut.size() < CANDIDATES) {
                ruledOut.add(new RuledOut(change, "no rule leads from it to what went wrong"));
            }
        }
    }
}
