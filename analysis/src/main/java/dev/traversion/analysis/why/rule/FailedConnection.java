/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection to a Service, or a lookup of its name, that the kernel saw fail. */
final class FailedConnection extends PlainRule {

    private static final long BEFORE = 60_000_000_000L;

    FailedConnection() {
        super(
                "failed-connection",
                "The agent on the node saw a connection of a failing pod to a Service's address fail, or a lookup of its name come to"
                        + " nothing, and the Service is gone, has no endpoints or sends to a port that nobody serves. Needs what was"
                        + " recorded on the node.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!trouble.about().key().type().equals(Types.PODS)) {
            return links;
        }
        List<Kernel.Happening> failed =
                world
                        .happenings(trouble.about(), trouble.from() - BEFORE, trouble.from() + SLACK)
                        .orElse(List.of())
                        .stream()
                        .filter(each ->
                                !each.address().isEmpty() || !each.name().isEmpty())
                        .toList();
        for (ObjectKey key : failed.isEmpty() ? List.<ObjectKey>of() : world.keys(Types.SERVICES, "")) {
            Optional<Kernel.Happening> seen =
                    failed.stream().filter(each -> isTo(world, each, key)).findFirst();
            for (Trouble of : seen.isEmpty() ? List.<Trouble>of() : ServiceTroubles.of(world, key)) {
                if (Rule.precedes(of.from(), trouble)) {
                    links.add(link(of, seen.get(), trouble, key));
                }
            }
        }
        return links;
    }

    private static boolean isTo(World world, Kernel.Happening failed, ObjectKey key) {
        return failed.name().isEmpty()
                ? Addresses.holders(world, key.namespace(), failed.address()).contains(key)
                : (failed.name() + ".").startsWith(key.name() + "." + key.namespace() + ".svc.");
    }

    private static Link link(Trouble of, Kernel.Happening seen, Trouble trouble, ObjectKey service) {
        List<Evidence> evidence = new ArrayList<>(of.evidence());
        evidence.add(new Evidence(Evidence.Type.KERNEL, trouble.about(), seen.at(), seen.text()));
        String what = seen.name().isEmpty()
                ? "a connection of the container to the Service " + service.path() + " failed"
                : "the container looked up the Service " + service.path() + " in vain";
        return new Link(null, of, Tier.B, 0.95, what, evidence, List.of());
    }
}
