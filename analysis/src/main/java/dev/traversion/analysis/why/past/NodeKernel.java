/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import dev.traversion.analysis.node.FailedLookups;
import dev.traversion.analysis.node.NodeEvent;
import dev.traversion.analysis.node.NodeNames;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.archive.node.StaticPods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the tables of a recording's nodes tell. Not safe for concurrent use. */
public final class NodeKernel implements Kernel {

    /** What was logged longer ago is not about the end of a container, ns. */
    private static final long LOGGED_BEFORE = 60_000_000_000L;

    private final NodeTables tables;
    private List<String> nodes;
    private Boolean hasLogs;

    public NodeKernel(NodeTables tables) {
        this.tables = tables;
    }

    @Override
    public Optional<List<Happening>> of(Version pod, long from, long to) throws IOException {
        String node = pod.get("spec", "nodeName").asText("");
        if (!isSeen(node)) {
            return Optional.empty();
        }
        Set<String> uids = new HashSet<>(Set.of(pod.uid()));
        StaticPods.hash(pod.body()).ifPresent(uids::add);
        Predicate<NodeRow> isOf = row -> row.node().equals(node) && uids.contains(row.text("pod_uid"));
        List<NodeRow> rows = new ArrayList<>(tables.rows(LandingTable.PROCESS_EVENTS, from, to, isOf));
        rows.addAll(tables.rows(LandingTable.FLOWS, from, to, isOf));
        rows.addAll(FailedLookups.in(tables, from, to, isOf));
        rows.sort(Comparator.comparingLong(NodeRow::time));
        List<Happening> found = new ArrayList<>();
        for (NodeRow row : rows) {
            if (NodeEvent.isTrouble(row)) {
                NodeEvent event = NodeEvent.of(row, NodeNames.none());
                found.add(new Happening(event.at(), address(row), name(row), event.text()));
            }
        }
        return Optional.of(found);
    }

    private static String address(NodeRow row) {
        return row.table() == LandingTable.FLOWS ? row.text("remote_address") : "";
    }

    private static String name(NodeRow row) {
        return row.table() == LandingTable.DNS ? row.text("name") : "";
    }

    private boolean isSeen(String node) throws IOException {
        nodes = nodes == null ? tables.nodes() : nodes;
        return nodes.contains(node);
    }

    @Override
    public Optional<List<Sample>> usage(Version pod, long from, long to) throws IOException {
        String node = pod.get("spec", "nodeName").asText("");
        if (!isSeen(node)) {
            return Optional.empty();
        }
        List<NodeRow> rows = new ArrayList<>(tables.rows(
                LandingTable.USAGE,
                from,
                to,
                row -> row.text("kind").equals("container") && isOf(row, node, pod.uid())));
        rows.sort(Comparator.comparingLong(NodeRow::time));
        List<Sample> found = new ArrayList<>();
        for (NodeRow row : rows) {
            found.add(new Sample(
                    row.time(),
                    row.text("container_id"),
                    row.number("memory_bytes"),
                    row.number("periods"),
                    row.number("throttled_periods")));
        }
        return Optional.of(found);
    }

    @Override
    public boolean hasLogs() throws IOException {
        hasLogs = hasLogs == null ? Boolean.valueOf(tables.hasRows(LandingTable.LOGS)) : hasLogs;
        return hasLogs;
    }

    @Override
    public List<String> lastLines(Version pod, String container, long restart, long until) throws IOException {
        if (pod.uid().isEmpty()) {
            return List.of();
        }
        return tables.visit(
                        LandingTable.LOGS,
                        new NodeTables.Selection("logged", until - LOGGED_BEFORE, until, pod.uid()),
                        () -> new LastLines(container, restart))
                .lines();
    }

    private static boolean isOf(NodeRow row, String node, String uid) {
        return row.node().equals(node) && row.text("pod_uid").equals(uid);
    }
}
