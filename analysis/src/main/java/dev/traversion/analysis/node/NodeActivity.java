/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.History;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What happened on the nodes of a cluster in a stretch of time, with names. */
public final class NodeActivity {

    /** Pods are looked for a little before the stretch begins, and after: names come later than processes. */
    private static final long AROUND = 60_000_000_000L;

    private final NodeTables tables;
    private final NodeNames names;
    private final long from;
    private final long to;

    /**
     * @param from ns, inclusive
     * @param to ns, exclusive
     */
    public NodeActivity(History history, NodeTables tables, long from, long to) throws IOException {
        this.tables = tables;
        this.from = from;
        this.to = to;
        this.names = NodeNames.of(history, from - AROUND, to > Long.MAX_VALUE - AROUND ? to : to + AROUND);
    }

    public NodeNames names() {
        return names;
    }

    /**
     * Processes, failed connections and losses, by time.
     *
     * @param node only of this one; of all if {@code ""}
     * @param uids only of these pods; of all, and of the nodes' own, if empty
     * @param isAll whether also those that were running when the agent began, and control groups
     */
    public List<NodeEvent> events(String node, Set<String> uids, boolean isAll) throws IOException {
        Predicate<NodeRow> isOf = row ->
                (node.isEmpty() || row.node().equals(node)) && (uids.isEmpty() || uids.contains(row.text("pod_uid")));
        List<NodeRow> rows = new ArrayList<>(tables.rows(
                LandingTable.PROCESS_EVENTS,
                from,
                to,
                row -> isOf.test(row) && (isAll || !row.text("kind").equals("running"))));
        rows.addAll(tables.rows(
                LandingTable.FLOWS, from, to, row -> row.text("kind").equals("failed") && isOf.test(row)));
        if (isAll) {
            rows.addAll(tables.rows(LandingTable.CGROUPS, from, to, isOf));
        }
        rows.addAll(gaps(node));
        rows.sort(Comparator.comparingLong(NodeRow::time));
        return rows.stream().map(row -> NodeEvent.of(row, names)).toList();
    }

    /** What was lost that touches the stretch. */
    public List<NodeRow> gaps(String node) throws IOException {
        return tables.rows(
                LandingTable.GAPS, from, to, row -> node.isEmpty() || row.node().equals(node));
    }

    /**
     * Connections that ended, by time.
     *
     * @param addresses only those from or to one of them; all if empty
     * @param uids and those of these pods
     */
    public List<NodeFlow> flows(Set<String> addresses, Set<String> uids) throws IOException {
        boolean isEvery = addresses.isEmpty() && uids.isEmpty();
        return tables
                .rows(
                        LandingTable.FLOWS,
                        from,
                        to,
                        row -> isEvery
                                || addresses.contains(row.text("local_address"))
                                || addresses.contains(row.text("remote_address"))
                                || uids.contains(row.text("pod_uid")))
                .stream()
                .map(row -> NodeFlow.of(row, names))
                .toList();
    }
}
