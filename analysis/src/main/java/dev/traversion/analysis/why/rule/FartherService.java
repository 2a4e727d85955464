/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A Service that does not answer, and that a container needs without naming it in its template. */
final class FartherService extends PlainRule {

    /** A probe begins to fail within this time, ns. */
    private static final long SOON = 60_000_000_000L;

    FartherService() {
        super(
                "farther-service",
                "A Service is gone, has no endpoints or sends to a port that nobody serves, which is named by the message of a failing"
                        + " container, by a ConfigMap that it reads, or by those whom it asks: then its probe began to fail soon after,"
                        + " with an error of a server or no answer in time.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        ObjectKey pod = trouble.about().key();
        Set<ObjectKey> said = new LinkedHashSet<>();
        // In messages a colon stands behind an address.
        trouble.text()
                .replaceAll(":(?=\\s)", " ")
                .lines()
                .forEach(line -> said.addAll(Addresses.meant(world, pod.namespace(), line)));
        said.forEach(service -> link(world, trouble, service, 0.92, "the message names the Service ", links));
        Set<ObjectKey> named =
                Addresses.named(world, pod.namespace(), trouble.about().get("spec"));
        for (Calls.Call call : Calls.ofAnswer(world, trouble)) {
            if (!said.contains(call.service()) && !named.contains(call.service())) {
                String how = "the container needs, by what it reads or calls, the Service ";
                link(world, trouble, call.service(), call.fade(0.7), how, links);
            }
        }
        return links;
    }

    private static void link(
            World world, Trouble trouble, ObjectKey service, double strength, String how, List<Link> links) {
        if (ServiceTroubles.podsEver(world, service).contains(trouble.about().key())) {
            return;
        }
        for (Trouble of : ServiceTroubles.of(world, service)) {
            if (Rule.precedes(of.from(), trouble) && trouble.from() - of.from() <= SOON) {
                links.add(Link.to(of, Tier.B, strength, how + service.path()));
            }
        }
    }
}
