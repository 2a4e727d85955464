/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.OtherTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The node that a pod runs on. */
final class NodeOfPod extends PlainRule {

    NodeOfPod() {
        super(
                "node-of-pod",
                "A pod was evicted, or is not ready, because its node is under pressure or does not answer.",
                Set.of(What.EVICTED, What.TAINT_EVICTED, What.NODE_LOST, What.READINESS_FAILED, What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String name = trouble.about().get("spec", "nodeName").asText("");
        Set<ObjectKey> nodes = name.isEmpty() && trouble.what() == What.UNSCHEDULABLE
                ? world.keys(Types.NODES, "")
                : Set.of(new ObjectKey(Types.NODES, "", name));
        for (ObjectKey node : nodes) {
            for (Trouble of : OtherTroubles.of(world, node)) {
                boolean fits = trouble.what() == What.EVICTED
                        ? of.what() == What.NODE_PRESSURE
                        : trouble.what() == What.UNSCHEDULABLE
                                ? trouble.text().contains("node.kubernetes.io/")
                                : of.what() == What.NODE_NOT_READY;
                if (fits && of.from() <= trouble.from() + 60_000_000_000L && of.to() >= trouble.from() - SLACK) {
                    links.add(Link.to(of, Tier.B, 0.9, "the pod's node is " + of.text()));
                }
            }
        }
        return links;
    }
}
