/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What agents on the nodes saw of symptoms, or that there were none. */
final class Seen {

    /** How long around the beginning of a trouble, ns. */
    private static final long AROUND = 15_000_000_000L;

    private static final int MOST = 5;

    /** What differs between things that are alike. */
    private static final Pattern PROCESS = Pattern.compile("\\(pid \\d+\\)|, at most .*");

    /** Troubles of which a kernel sees something. */
    private static final Set<What> OF_PROCESSES = Set.of(
            What.OUT_OF_MEMORY,
            What.CRASHED,
            What.START_FAILED,
            What.READINESS_FAILED,
            What.LIVENESS_FAILED,
            What.STARTUP_FAILED,
            What.INIT_UNFINISHED,
            What.JOB_UNFINISHED);

    private Seen() {}

    /**
     * The same symptoms, with what was seen as further evidence.
     *
     * @param isProved whether nothing is missing where there was nobody to see
     */
    static List<Trouble> add(World world, List<Trouble> symptoms, boolean isProved, List<Missing> missing) {
        List<Trouble> found = new ArrayList<>();
        Set<String> blind = new TreeSet<>();
        for (Trouble trouble : symptoms) {
            boolean isOf = OF_PROCESSES.contains(trouble.what())
                    && trouble.about().key().type().equals(Types.PODS);
            Optional<List<Kernel.Happening>> seen = isOf
                    ? world.happenings(trouble.about(), trouble.from() - AROUND, trouble.from() + AROUND)
                    : Optional.of(List.of());
            if (seen.isEmpty() && !isProved) {
                blind.add(trouble.about().get("spec", "nodeName").asText(""));
            }
            found.add(seen.isEmpty() ? trouble : with(trouble, seen.get()));
        }
        blind.forEach(node -> missing.add(new Missing(
                "processes and connections on node " + node,
                world.from(),
                world.to(),
                "not recorded: no agent was there (record --node)")));
        return found;
    }

    /** The same cause, with what was seen of the pods on the way as further evidence. */
    static Cause add(World world, Cause cause) {
        List<Step> chain = new ArrayList<>();
        for (Step step : cause.chain()) {
            boolean isPod = step.object().key().type().equals(Types.PODS);
            List<Evidence> evidence = new ArrayList<>(step.evidence());
            if (isPod) {
                world.happenings(step.object(), step.at() - AROUND, step.at() + AROUND)
                        .ifPresent(seen -> told(step.object(), seen).stream()
                                .filter(each -> !evidence.contains(each))
                                .forEach(evidence::add));
            }
            chain.add(new Step(step.rule(), step.tier(), step.object(), step.at(), step.text(), List.copyOf(evidence)));
        }
        return new Cause(
                cause.tier(), cause.strength(), cause.change(), cause.with(), cause.explains(), List.copyOf(chain));
    }

    private static Trouble with(Trouble trouble, List<Kernel.Happening> seen) {
        List<Evidence> evidence = new ArrayList<>(trouble.evidence());
        evidence.addAll(told(trouble.about(), seen));
        return new Trouble(
                trouble.what(),
                trouble.about(),
                trouble.container(),
                trouble.text(),
                trouble.from(),
                trouble.to(),
                List.copyOf(evidence));
    }

    /** The latest of it, each kind of thing once. */
    private static List<Evidence> told(Version pod, List<Kernel.Happening> seen) {
        Map<String, List<Kernel.Happening>> alike = new LinkedHashMap<>();
        seen.forEach(each ->
                alike.computeIfAbsent(kind(each), any -> new ArrayList<>()).add(each));
        List<Evidence> evidence = new ArrayList<>();
        for (List<Kernel.Happening> each : alike.values()) {
            Kernel.Happening first = each.getFirst();
            String again = each.size() == 1 ? "" : ", and " + (each.size() - 1) + " more like it";
            evidence.add(new Evidence(Evidence.Type.KERNEL, pod, first.at(), first.text() + again));
        }
        return evidence.subList(Math.max(0, evidence.size() - MOST), evidence.size());
    }

    private static String kind(Kernel.Happening each) {
        // A resolver asks for a name in one domain after another.
        return each.name().isEmpty()
                ? PROCESS.matcher(each.text()).replaceAll("")
                : each.name().split("\\.", 2)[0];
    }
}
