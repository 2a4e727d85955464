/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.IngressTroubles;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An Ingress that leads to nobody. */
final class IngressBackend extends PlainRule {

    IngressBackend() {
        super(
                "ingress-backend",
                "An Ingress leads to a Service that is gone, has no endpoints, or has not the port. Proved: it did not before the change of"
                        + " the Ingress or of the Service.",
                Set.of(What.BACKEND_UNSERVED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version ingress = trouble.about();
        for (JsonNode backend : IngressTroubles.backends(ingress)) {
            ObjectKey service = IngressTroubles.service(ingress, backend);
            if (!service.name().equals(trouble.container())) {
                continue;
            }
            for (Trouble of : ServiceTroubles.of(world, service)) {
                links.add(Link.to(of, Tier.A, 0.95, "the Ingress leads to the Service"));
            }
            for (Change change : world.changes(service)) {
                boolean isPorts = change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith("spec.ports");
                boolean had = isPorts && IngressTroubles.hasPort(change.before(), backend);
                if (had && !IngressTroubles.hasPort(change.after(), backend) && Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(change, Tier.A, 1, "the Ingress leads to a port that the Service has no more"));
                }
            }
        }
        for (Change change : world.changes(ingress.key())) {
            boolean isCreated = change.operation() == Change.Operation.CREATED;
            boolean isWish = isCreated || change.path().startsWith("spec");
            if (isWish && Rule.precedes(change.at(), trouble) && isUnserved(world, change.after(), change.at())) {
                boolean isProved = !isCreated && !isUnserved(world, change.before(), change.at());
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        isProved ? 1 : 0.6,
                        "the Ingress leads to what is not there"));
            }
        }
        return links;
    }

    private static boolean isUnserved(World world, Version ingress, long time) {
        for (JsonNode backend : IngressTroubles.backends(ingress)) {
            if (!IngressTroubles.missing(world, ingress, backend, time).isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
