/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A Service that a pod names, and that does not answer. */
final class NamedService extends PlainRule {

    NamedService() {
        super(
                "named-service",
                "The command, arguments or environment of a failing container name a Service that is gone, has no endpoints or sends"
                        + " to a port that nobody serves. Proved: it was not so before, and named then.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Set<ObjectKey> named = Addresses.named(
                world, trouble.about().key().namespace(), trouble.about().get("spec"));
        for (ObjectKey service : named) {
            for (Trouble of : ServiceTroubles.of(world, service)) {
                boolean isOwn = ServiceTroubles.podsEver(world, service)
                        .contains(trouble.about().key());
                if (!isOwn && Rule.precedes(of.from(), trouble)) {
                    boolean isLate = isNamedSince(world, trouble, service, of.from());
                    links.add(Link.to(
                            of,
                            isLate ? Tier.B : Tier.A,
                            isLate ? 0.5 : 0.9,
                            "the container names the Service " + service.path()));
                }
            }
        }
        return links;
    }

    /** Whether what a pod is made of began to name a Service when that was in trouble already: then this is what harmed it. */
    private static boolean isNamedSince(World world, Trouble trouble, ObjectKey service, long since) {
        String namespace = service.namespace();
        return Templates.of(world, trouble).stream()
                .map(Templates.Field::change)
                .filter(change -> change.before() != null && change.at() > since)
                .anyMatch(change -> !Addresses.named(
                                world,
                                namespace,
                                Pods.template(change.before().body()).path("spec"))
                        .contains(service));
    }
}
