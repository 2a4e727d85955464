/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
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
                        + " content of such an API is not known. Proved by the Service: it was there before, or the APIService was not.",
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
            ofNobody(world, trouble, key, links);
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

    /** An API that was said to be served by a Service that there is not. */
    private static void ofNobody(World world, Trouble trouble, ObjectKey service, List<Link> links) {
        boolean isThere = service.name().isEmpty()
                || !world.knows(Types.SERVICES, service.namespace())
                || world.at(service, trouble.from() + SLACK).isPresent();
        for (Change change :
                isThere ? List.<Change>of() : world.changes(trouble.about().key())) {
            boolean isNew = change.operation() == Change.Operation.CREATED;
            boolean isOther = change.before() != null && change.path().startsWith("spec.service");
            if ((isNew || isOther) && Rule.precedes(change.at(), trouble)) {
                boolean isProved = isNew || wasServed(world, change);
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        0.97,
                        "it is to be served from behind the Service " + service.path() + ", which is not there"));
            }
        }
    }

    private static boolean wasServed(World world, Change change) {
        JsonNode service = change.before().get("spec", "service");
        String namespace = service.path("namespace").asText();
        String name = service.path("name").asText();
        return name.isEmpty()
                || world.at(new ObjectKey(Types.SERVICES, namespace, name), change.at())
                        .isPresent();
    }
}
