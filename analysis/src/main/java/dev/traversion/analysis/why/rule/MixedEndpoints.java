/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A Service behind which stand pods of a workload that was not there before. */
final class MixedEndpoints extends PlainRule {

    MixedEndpoints() {
        super(
                "mixed-endpoints",
                "A failing container names a Service that was changed, or another workload than before, or another"
                        + " template, stands behind it since: it was created or changed, and answers instead. Stronger if"
                        + " its probe of readiness was changed, and none of its pods was ready before. Weaker if it had"
                        + " answered alone for longer than the failing probe takes to tell.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (ObjectKey service : ofOthers(world, trouble)) {
            for (Change change : world.changes(service)) {
                boolean isOther = change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith("spec.")
                        && !change.path().startsWith("spec.ports")
                        && Rule.precedes(change.at(), trouble);
                if (isOther) {
                    links.add(Link.to(change, Tier.B, 0.63, "the Service leads elsewhere, or in another way, since"));
                }
            }
            Set<Version> makers = behind(world, service);
            for (Version maker : makers) {
                for (Change change : world.changes(maker.key())) {
                    if (Rule.precedes(change.at(), trouble)) {
                        boolean isLate = TookOver.isLate(world, trouble, service, change);
                        boolean isOneOfSeveral = makers.size() > 1 && othersWere(world, service, change);
                        boolean isLetIn = makers.size() > 1 && isLetIn(world, trouble, maker, change);
                        judge(change, maker, isOneOfSeveral, isLetIn, likely(world, trouble, change, isLate), links);
                    }
                }
            }
        }
        return links;
    }

    /** The Services that a container names, but for those which its own pod is behind. */
    static List<ObjectKey> ofOthers(World world, Trouble trouble) {
        ObjectKey pod = trouble.about().key();
        return Addresses.named(world, pod.namespace(), trouble.about().get("spec")).stream()
                .filter(service -> !ServiceTroubles.podsEver(world, service).contains(pod))
                .toList();
    }

    /** The workloads whose pods a Service selected: by their pods, since to read all templates would take long. */
    static Set<Version> behind(World world, ObjectKey service) {
        return world.remember("behind", service, () -> {
            Map<ObjectKey, Version> found = new LinkedHashMap<>();
            for (ObjectKey pod : ServiceTroubles.podsEver(world, service)) {
                Version maker = world.root(world.versions(pod).getFirst());
                found.putIfAbsent(maker.key(), maker);
            }
            return new LinkedHashSet<>(found.values());
        });
    }

    /** Whether pods of another workload were there already: what was there first joined nobody. */
    private static boolean othersWere(World world, ObjectKey service, Change change) {
        return ServiceTroubles.podsEver(world, service).stream()
                .filter(pod -> world.at(pod, change.at()).isPresent())
                .anyMatch(pod -> !pod.equals(change.key())
                        && !world.root(world.versions(pod).getFirst()).key().equals(change.key()));
    }

    /** Whether a probe of readiness was changed, and pods of a workload got ready since, of which none was before. */
    private static boolean isLetIn(World world, Trouble trouble, Version maker, Change change) {
        return change.operation() == Change.Operation.CHANGED
                && change.path().startsWith(Templates.prefix(maker.body()) + "spec")
                && change.path().contains("].readinessProbe")
                && !Templates.gotReady(world, maker, world.from(), change.at())
                && Templates.gotReady(world, maker, change.at(), trouble.from() + SLACK);
    }

    private static void judge(
            Change change, Version maker, boolean isOneOfSeveral, boolean isLetIn, double likely, List<Link> links) {
        String prefix = Templates.prefix(maker.body());
        if (change.operation() == Change.Operation.CREATED && isOneOfSeveral) {
            links.add(Link.to(change, Tier.B, 0.62, "its pods answer for the Service, too, since"));
        } else if (change.operation() == Change.Operation.CHANGED
                && change.path().startsWith(prefix + "metadata.labels")
                && isOneOfSeveral) {
            links.add(Link.to(change, Tier.B, 0.62, "its pods answer for the Service, too, since"));
        } else if (change.operation() == Change.Operation.CHANGED
                && change.path().startsWith(prefix + (prefix.isEmpty() ? "spec.containers" : "spec"))) {
            String text = isLetIn
                    ? "none of its pods was ready before, and since they are, they answer for the Service, too"
                    : "what answers for the Service is made in another way since";
            links.add(Link.to(change, Tier.B, isLetIn ? 0.9 : likely, text));
        }
    }

    /** How likely a change of a template is what the failing container was answered with, of several at once. */
    private static double likely(World world, Trouble trouble, Change change, boolean isLate) {
        if (isLate) {
            return 0.3;
        }
        boolean isLost = change.old() != null
                && change.now() != null
                && Addresses.lost(
                                world,
                                change.key().namespace(),
                                change.old().asText(),
                                change.now().asText(),
                                trouble.from())
                        .isPresent();
        if (isLost || Fitting.isAskedFor(trouble, change)) {
            return 0.9;
        }
        boolean isSlower =
                Fields.lengthens(change) && Calls.ANSWER.matcher(trouble.text()).find();
        return isSlower || Fitting.of(trouble, change) ? 0.6 : 0.5;
    }
}
