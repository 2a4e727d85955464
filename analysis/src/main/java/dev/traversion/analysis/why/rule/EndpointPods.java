/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.PodTroubles;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pods behind a Service. */
final class EndpointPods extends PlainRule {

    EndpointPods() {
        super(
                "endpoint-pods",
                "A Service has no endpoints because the pods it selects are not ready, cannot be made, or are not wanted, or because its"
                        + " namespace is being deleted. Proved by its EndpointSlices, or by the namespace.",
                Set.of(What.NO_ENDPOINTS));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        Map<String, Trouble> found = new HashMap<>();
        ObjectKey service = trouble.about().key();
        for (ObjectKey pod : ServiceTroubles.podsEver(world, service)) {
            PodTroubles.of(world, pod).forEach(each -> keep(each, trouble, found));
        }
        for (Version maker : Troubles.makers(world, service)) {
            WorkloadTroubles.of(world, maker).stream()
                    .filter(each -> !each.about().key().type().equals(Types.PODS))
                    .forEach(each -> keep(each, trouble, found));
        }
        for (Version maker : MixedEndpoints.behind(world, service)) {
            if (maker.key().type().equals(Types.JOBS)) {
                ofJob(world, maker, trouble, found);
            }
        }
        List<Link> links = new ArrayList<>();
        Leaving.deletion(world, new ObjectKey(Types.NAMESPACES, "", service.namespace()), trouble.from() + SLACK)
                .ifPresent(gone -> links.add(
                        Link.to(gone, Tier.A, 1, "its namespace is being deleted, and with it the pods behind it")));
        found.values()
                .forEach(each -> links.add(Link.to(
                        each,
                        Tier.A,
                        each.lasts() ? 0.95 : 0.6,
                        "the Service selects it, and it is no ready endpoint")));
        return links;
    }

    /** A Job that is suspended ends its pods, and makes none: if one of them was ready then, this is what it is missed for. */
    private static void ofJob(World world, Version job, Trouble trouble, Map<String, Trouble> found) {
        WorkloadTroubles.of(world, job).stream()
                .filter(each -> each.what() == What.SUSPENDED && Rule.precedes(each.from(), trouble))
                .filter(each -> world.owned(Types.PODS, job.key().namespace(), job.uid()).stream()
                        .flatMap(pod -> world.at(pod, each.from() - 1).stream())
                        .anyMatch(Pods::isReady))
                .forEach(each -> keep(each, trouble, found));
    }

    private static void keep(Trouble each, Trouble trouble, Map<String, Trouble> found) {
        boolean overlaps = each.from() <= trouble.from() + 60_000_000_000L && each.to() >= trouble.from();
        if (overlaps) {
            found.merge(each.sameness(), each, (one, other) -> one.from() <= other.from() ? one : other);
        }
    }
}
