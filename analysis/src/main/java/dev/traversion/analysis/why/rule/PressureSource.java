/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.Words;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who used up what a node ran out of. */
final class PressureSource extends PlainRule {

    private static final Words EVICTED = Words.of("Evicted");
    private static final Pattern USED =
            Pattern.compile("was using ([0-9.]+[A-Za-z]*), request is|usage of ([0-9.]+[A-Za-z]*)|usage exceeds");

    PressureSource() {
        super(
                "pressure-source",
                "A node ran out of disk or memory: of the pods evicted from it, the one whose eviction names the largest use is the"
                        + " source; its workload's change before, or the pod itself, is the cause. Near in time only if an earlier pod was"
                        + " made with that change, and not evicted.",
                Set.of(What.NODE_PRESSURE, What.EVICTED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        boolean isNode = trouble.what() == What.NODE_PRESSURE;
        String node = isNode
                ? trouble.about().key().name()
                : trouble.about().get("spec", "nodeName").asText("");
        Version most = null;
        double amount = 0;
        for (ObjectKey key :
                isNode ? world.keys(Types.PODS, "") : Set.of(trouble.about().key())) {
            for (Version pod : lastOf(world, key)) {
                boolean evicted = pod.get("status", "reason").asText().equals("Evicted")
                        && pod.get("spec", "nodeName").asText().equals(node);
                double used = evicted ? used(pod.get("status", "message").asText()) : 0;
                if (used > amount) {
                    amount = used;
                    most = pod;
                }
            }
        }
        if (most != null && (isNode || most.get("status", "message").asText().contains("exceeds the"))) {
            source(world, most, links);
        }
        if (isNode && most == null) {
            links.add(Link.to(
                    Change.observed(
                            trouble.about(),
                            "status.conditions[type=" + trouble.container() + "]",
                            null,
                            trouble.from()),
                    Tier.B,
                    0.5,
                    "nothing recorded says who used it up"));
        }
        return links;
    }

    /** The last version if it may tell of an eviction: an evicted pod stays as it is until it is deleted. */
    private static List<Version> lastOf(World world, ObjectKey pod) {
        for (Version version : world.versions(pod).reversed()) {
            if (!version.deleted()) {
                return version.mentions(EVICTED) ? List.of(version) : List.of();
            }
        }
        return List.of();
    }

    private static double used(String message) {
        double most = 0;
        Matcher matcher = USED.matcher(message);
        while (matcher.find()) {
            String text = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            most = Math.max(most, text == null ? 1 : Quantities.of(text));
        }
        return most;
    }

    /** Whether an earlier pod was made with a change, too, and not evicted. */
    private static boolean others(World world, Version maker, Change change, Version evicted) {
        for (ObjectKey key : WorkloadTroubles.family(world, maker)) {
            boolean isPod = key.type().equals(Types.PODS) && !key.equals(evicted.key());
            long made = isPod ? world.versions(key).getFirst().created() : Long.MAX_VALUE;
            if (made >= change.at() - SLACK / 2
                    && made < evicted.created() - SLACK
                    && lastOf(world, key).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static void source(World world, Version pod, List<Link> links) {
        Version maker = world.root(pod);
        String text = "it used the most: " + pod.get("status", "message").asText();
        Change last = null;
        for (Change change : world.changes(maker.key())) {
            boolean isInput = change.operation() == Change.Operation.CREATED
                    || change.path().startsWith(Templates.prefix(maker.body()) + "spec")
                    || change.path().equals("spec.replicas");
            if (isInput && change.at() <= pod.created() + SLACK) {
                last = change;
            }
        }
        boolean isOld = last != null && others(world, maker, last, pod);
        Change cause = last == null ? Change.observed(maker, "", null, pod.created()) : last;
        links.add(new Link(
                cause,
                null,
                isOld ? Tier.C : Tier.B,
                isOld ? 0.4 : 0.9,
                text,
                List.of(Evidence.version(pod, pod.get("status", "message").asText())),
                List.of()));
    }
}
