/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.OtherTroubles;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An API that another server than Kubernetes' own serves. */
final class ApiServiceBackend extends PlainRule {

    ApiServiceBackend() {
        super(
                "api-service",
                "An APIService is not available since the Service behind it is gone or has no endpoints; a namespace stays since its"
                        + " content of such an API is not known. Proved by the Service.",
                Set.of(What.CONDITION_FALSE, What.TERMINATING));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version about = trouble.about();
        if (about.key().type().equals(Types.API_SERVICES)) {
            JsonNode service = about.get("spec", "service");
            ObjectKey key = new ObjectKey(
                    Types.SERVICES,
                    service.path("namespace").asText(),
                    service.path("name").asText());
            for (Trouble of : ServiceTroubles.of(world, key)) {
                if (Rule.precedes(of.from(), trouble)) {
                    links.add(Link.to(of, Tier.A, 1, "the API is served from behind it"));
                }
            }
        } else if (about.key().type().equals(Types.NAMESPACES) && trouble.text().contains("iscovery")) {
            for (Version api : world.list(Types.API_SERVICES, "", world.to())) {
                String group = api.get("spec", "group").asText("");
                if (!group.isEmpty() && trouble.text().contains(group)) {
                    OtherTroubles.of(world, api.key())
                            .forEach(of -> links.add(
                                    Link.to(of, Tier.A, 1, "what is in the namespace of " + group + " is not known")));
                }
            }
        }
        return links;
    }
}
