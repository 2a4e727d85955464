/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A port of a Service that leads to another one than before. */
final class ServicePort extends PlainRule {

    ServicePort() {
        super(
                "service-port",
                "A port of a Service was changed. Proved if its pods declare the port it led to before, and not the one it leads to"
                        + " since.",
                Set.of(
                        What.PORT_UNSERVED,
                        What.NO_ENDPOINTS,
                        What.CRASHED,
                        What.READINESS_FAILED,
                        What.LIVENESS_FAILED,
                        What.STARTUP_FAILED,
                        What.INIT_UNFINISHED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        boolean isOwn = trouble.about().key().type().equals(Types.SERVICES);
        Set<ObjectKey> services = isOwn
                ? Set.of(trouble.about().key())
                : Addresses.named(
                        world,
                        trouble.about().key().namespace(),
                        trouble.about().get("spec"));
        for (ObjectKey service : services) {
            for (Change change : world.changes(service)) {
                if (change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith("spec.ports")
                        && !change.path().endsWith("nodePort")
                        && Rule.precedes(change.at(), trouble)) {
                    boolean isProved = isServed(world, change.before(), change.at())
                            && !isServed(world, change.after(), change.at());
                    boolean counts = trouble.what() != What.NO_ENDPOINTS || isProved;
                    if (counts) {
                        links.add(Link.to(
                                change,
                                isProved ? Tier.A : Tier.B,
                                isProved ? 1 : 0.7,
                                "connections to the Service go to another port since"));
                    }
                } else if (isOwn
                        && change.operation() == Change.Operation.CREATED
                        && trouble.what() == What.PORT_UNSERVED) {
                    links.add(Link.to(
                            change.at("spec.ports", change.after().get("spec", "ports")),
                            Tier.B,
                            0.7,
                            "the Service was created with a port that no pod declares"));
                }
            }
        }
        return links;
    }

    private static boolean isServed(World world, Version service, long time) {
        for (JsonNode port : service.get("spec", "ports")) {
            JsonNode target = port.has("targetPort") ? port.path("targetPort") : port.path("port");
            boolean served = ServiceTroubles.pods(world, service, time).stream()
                    .anyMatch(pod -> Pods.declares(pod.get("spec"), target));
            if (!served) {
                return false;
            }
        }
        return true;
    }
}
