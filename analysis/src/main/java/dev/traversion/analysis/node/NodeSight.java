/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import java.util.Optional;

/**
 * Which rows somebody may see: those of pods whose names they may know, and connections from or to these.
 *
 * @param everyPod whether also those of pods that nobody has a name for
 * @param nodes whether also the nodes' own, and why something was not recorded
 */
public record NodeSight(boolean everyPod, boolean nodes) {

    public static final NodeSight EVERYTHING = new NodeSight(true, true);

    private static final String WITHHELD = "the reason is for those who may list nodes";

    /** @param names of no pods but those that may be seen */
    boolean sees(NodeRow row, NodeNames names) {
        if (everyPod && nodes) {
            return true;
        }
        String uid = row.table() == LandingTable.USAGE && row.text("kind").equals("node") ? "" : row.text("pod_uid");
        if (!uid.isEmpty() && (everyPod || names.pod(uid).isPresent())) {
            return true;
        }
        boolean isFlow = row.table() == LandingTable.FLOWS;
        return (uid.isEmpty() && nodes) || (isFlow && (isOfPod(names.local(row)) || isOfPod(names.remote(row))));
    }

    private static boolean isOfPod(Optional<ObjectKey> owner) {
        return owner.isPresent() && !owner.get().namespace().isEmpty();
    }

    /** What somebody may know of a gap: that there is one, and perhaps why. */
    NodeRow gap(NodeRow row) {
        if (nodes) {
            return row;
        }
        String[] texts = row.texts().clone();
        texts[row.table().column("reason")] = WITHHELD;
        return new NodeRow(row.table(), row.node(), row.bootTime(), row.numbers(), texts);
    }
}
