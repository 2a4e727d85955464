/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A connection to a Service that the kernel saw fail. */
final class FailedConnection extends PlainRule {

    private static final long BEFORE = 60_000_000_000L;

    FailedConnection() {
        super(
                "failed-connection",
                "The agent on the node saw a connection of a failing pod to a Service's address fail, and the Service is gone, has no"
                        + " endpoints or sends to a port that nobody serves. Needs what was recorded on the node.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!trouble.about().key().type().equals(Types.PODS)) {
            return links;
        }
        Map<String, Kernel.Happening> failed = new LinkedHashMap<>();
        world.happenings(trouble.about(), trouble.from() - BEFORE, trouble.from() + SLACK).orElse(List.of()).stream()
                .filter(each -> !each.address().isEmpty())
                .forEach(each -> failed.putIfAbsent(each.address(), each));
        if (failed.isEmpty()) {
            return links;
        }
        for (ObjectKey key : world.keys(Types.SERVICES, "")) {
            Version service = world.versions(key).getFirst();
            Kernel.Happening seen = failed.get(service.get("spec", "clusterIP").asText(""));
            for (Trouble of : seen == null ? List.<Trouble>of() : ServiceTroubles.of(world, key)) {
                if (Rule.precedes(of.from(), trouble)) {
                    List<Evidence> evidence = new ArrayList<>(of.evidence());
                    evidence.add(new Evidence(Evidence.Type.KERNEL, trouble.about(), seen.at(), seen.text()));
                    links.add(new Link(
                            null,
                            of,
                            Tier.B,
                            0.95,
                            "a connection of the container to the Service " + key.path() + " failed",
                            evidence,
                            List.of()));
                }
            }
        }
        return links;
    }
}
