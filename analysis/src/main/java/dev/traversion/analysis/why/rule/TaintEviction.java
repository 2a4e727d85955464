/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A taint that drives pods away. */
final class TaintEviction extends PlainRule {

    TaintEviction() {
        super(
                "taint-eviction",
                "A node got a NoExecute taint that a pod on it does not tolerate. Proved: it tolerates what the node had before.",
                Set.of(What.TAINT_EVICTED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String node = trouble.about().get("spec", "nodeName").asText("");
        for (Change change : world.changes(new ObjectKey(Types.NODES, "", node))) {
            boolean drives = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("spec.taints")
                    && Fit.tolerates(
                            trouble.about().get("spec"), change.before().get("spec", "taints"), true)
                    && !Fit.tolerates(
                            trouble.about().get("spec"), change.after().get("spec", "taints"), true);
            boolean lasts = drives
                    && Fields.stands(
                            world,
                            change,
                            trouble.from(),
                            version ->
                                    !Fit.tolerates(trouble.about().get("spec"), version.get("spec", "taints"), true));
            if (lasts && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 1, "the pod does not tolerate the taint"));
            }
        }
        return links;
    }
}
