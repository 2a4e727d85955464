/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import dev.traversion.analysis.node.NodeEvent;
import dev.traversion.analysis.node.NodeNames;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the tables of a recording's nodes tell. Not safe for concurrent use. */
public final class NodeKernel implements Kernel {

    private final NodeTables tables;
    private List<String> nodes;

    public NodeKernel(NodeTables tables) {
        this.tables = tables;
    }

    @Override
    public Optional<List<Happening>> of(Version pod, long from, long to) throws IOException {
        String node = pod.get("spec", "nodeName").asText("");
        nodes = nodes == null ? tables.nodes() : nodes;
        if (!nodes.contains(node)) {
            return Optional.empty();
        }
        List<NodeRow> rows =
                new ArrayList<>(tables.rows(LandingTable.PROCESS_EVENTS, from, to, row -> isOf(row, node, pod.uid())));
        rows.addAll(tables.rows(
                LandingTable.FLOWS, from, to, row -> row.text("kind").equals("failed") && isOf(row, node, pod.uid())));
        rows.sort(Comparator.comparingLong(NodeRow::time));
        List<Happening> found = new ArrayList<>();
        for (NodeRow row : rows) {
            NodeEvent event = NodeEvent.of(row, NodeNames.none());
            if (event.isTrouble()) {
                String address = row.table() == LandingTable.FLOWS ? row.text("remote_address") : "";
                found.add(new Happening(event.at(), address, event.text()));
            }
        }
        return Optional.of(found);
    }

    private static boolean isOf(NodeRow row, String node, String uid) {
        return row.node().equals(node) && row.text("pod_uid").equals(uid);
    }
}
