/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pod whose volume can be used on other nodes than before. */
final class VolumeNodes extends PlainRule {

    private static final String NODES = "spec.nodeAffinity";

    VolumeNodes() {
        super(
                "volume-nodes",
                "No node takes a pod, since the volume of its claim was changed and can be used on other nodes. Proved: some node"
                        + " could use the volume before, and none since.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        List<Version> nodes = world.list(Types.NODES, "", trouble.from());
        for (JsonNode each : trouble.about().get("spec", "volumes")) {
            Optional<ObjectKey> volume =
                    Fit.claimed(world, trouble.about().key().namespace(), each, trouble.from());
            for (Change change : volume.map(world::changes).orElse(List.of())) {
                boolean isOfNodes = change.path().startsWith(NODES) && Rule.precedes(change.at(), trouble);
                if (isOfNodes
                        && nodes.stream().anyMatch(node -> Fit.reaches(change.before(), node))
                        && nodes.stream().noneMatch(node -> Fit.reaches(change.after(), node))) {
                    links.add(Link.to(change, Tier.A, 1, "no node can use the pod's volume since"));
                }
            }
        }
        return links;
    }
}
