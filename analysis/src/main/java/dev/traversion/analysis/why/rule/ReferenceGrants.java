/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A grant by which objects of another namespace may not be referred to any more. */
final class ReferenceGrants extends PlainRule {

    private static final String GROUP = "gateway.networking.k8s.io";
    private static final ResourceType GRANTS = new ResourceType(GROUP, "referencegrants");

    ReferenceGrants() {
        super(
                "reference-grant",
                "A route or Gateway says that it may not refer to what is in another namespace, whose ReferenceGrant was changed or"
                        + " deleted. Proved: it was granted to its namespace and kind before, and is not since.",
                Set.of(What.CONDITION_FALSE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version route = trouble.about();
        if (!trouble.text().contains("RefNotPermitted")) {
            return links;
        }
        for (Change change : world.changes(GRANTS, "")) {
            boolean isGone = change.operation() == Change.Operation.DELETED;
            boolean isWithdrawn = change.before() != null
                    && grants(change.before(), route)
                    && (isGone || !grants(change.after(), route));
            boolean isMeant = route.get("spec")
                    .findValuesAsText("namespace")
                    .contains(change.key().namespace());
            if (isWithdrawn
                    && isMeant
                    && !change.path().startsWith("metadata")
                    && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 1, "it let the object refer to what is in its namespace before"));
            }
        }
        return links;
    }

    private static boolean grants(Version grant, Version route) {
        for (JsonNode from : grant.get("spec", "from")) {
            boolean isIt = from.path("group").asText().equals(route.key().type().group())
                    && from.path("kind").asText().equals(route.get("kind").asText())
                    && from.path("namespace").asText().equals(route.key().namespace());
            if (isIt) {
                return true;
            }
        }
        return false;
    }
}
