/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A pod that has the name which the pod of a StatefulSet must have. */
final class NameTaken extends PlainRule {

    NameTaken() {
        super(
                "name-taken",
                "A StatefulSet lacks a pod, and one of that name is there which is not its own, so that it makes none. Proved by that pod.",
                Set.of(What.ROLLOUT_HELD));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version set = trouble.about();
        if (!set.key().type().equals(Types.STATEFUL_SETS)) {
            return links;
        }
        int first = set.get("spec", "ordinals", "start").asInt();
        int end = first + set.get("spec", "replicas").asInt(1);
        for (int ordinal = first; ordinal < end; ordinal++) {
            ObjectKey key =
                    new ObjectKey(Types.PODS, set.key().namespace(), set.key().name() + "-" + ordinal);
            boolean isOthers = world.at(key, world.to())
                    .filter(pod -> world.controller(pod)
                            .filter(owner -> owner.key().equals(set.key()))
                            .isEmpty())
                    .isPresent();
            for (Change change : isOthers ? world.changes(key) : List.<Change>of()) {
                if (change.operation() == Change.Operation.CREATED && Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(
                            change,
                            Tier.A,
                            1,
                            "it has the name of a pod of the StatefulSet, and is not one of its pods"));
                }
            }
        }
        return links;
    }
}
