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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What has the name that somebody else's pod or claim must have. */
final class NameTaken extends PlainRule {

    /** How the scheduler says so. */
    private static final Pattern CLAIM =
            Pattern.compile("PVC ([a-z0-9-]+)/([a-z0-9.-]+) was not created for pod \\S+ \\(pod is not owner\\)");

    NameTaken() {
        super(
                "name-taken",
                "A StatefulSet lacks a pod, and one of that name is there which is not its own, so that it makes none; or a pod has no place"
                        + " since a claim is there that has the name of the one it brings. Proved by that pod, or claim.",
                Set.of(What.ROLLOUT_HELD, What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher claim = CLAIM.matcher(trouble.text());
        if (claim.find()) {
            ObjectKey key = new ObjectKey(Types.CLAIMS, claim.group(1), claim.group(2));
            created(world, trouble, key, "it has the name of the claim that the pod brings, and is not its own", links);
        }
        if (trouble.about().key().type().equals(Types.STATEFUL_SETS)) {
            pods(world, trouble, links);
        }
        return links;
    }

    private static void pods(World world, Trouble trouble, List<Link> links) {
        Version set = trouble.about();
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
            if (isOthers) {
                created(world, trouble, key, "it has the name of a pod of the StatefulSet, and is not its own", links);
            }
        }
    }

    private static void created(World world, Trouble trouble, ObjectKey key, String text, List<Link> links) {
        for (Change change : world.changes(key)) {
            if (change.operation() == Change.Operation.CREATED && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 1, text));
            }
        }
    }
}
