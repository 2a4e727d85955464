/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A LimitRange that refuses what a workload asks for. */
final class LimitRangeBounds extends PlainRule {

    LimitRangeBounds() {
        super(
                "limit-range",
                "A pod was refused because it asks for more or less than a LimitRange allows. Proved: the LimitRange, or what the pod"
                        + " asks for, was changed before, and the message says so.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        String text = trouble.text();
        boolean isBound = text.contains(" usage per ") || text.contains("limit to request ratio");
        List<Link> links = new ArrayList<>();
        if (!isBound) {
            return links;
        }
        String namespace = trouble.about().key().namespace();
        for (Change change : world.changes(Types.LIMIT_RANGES, namespace)) {
            boolean isThere = change.operation() != Change.Operation.DELETED
                    && change.path().matches("|spec.*");
            if (isThere && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 1, "the LimitRange does not allow the pod"));
            }
        }
        Version maker = Templates.maker(world, trouble.about());
        for (Change change : world.changes(maker.key())) {
            if (change.path().contains(".resources") && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.B, 0.8, "the pod asks for what the LimitRange does not allow"));
            }
        }
        return links;
    }
}
