/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.History;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What happened on the nodes of a cluster in a stretch of time, with names, as far as somebody may see it. */
public final class NodeActivity {

    /** Pods are looked for a little before the stretch begins, and after: names come later than processes. */
    private static final long AROUND = 60_000_000_000L;

    /** Kinds of gaps that concern connections. */
    private static final Set<String> OF_FLOWS = Set.of("flow", "flows", "retransmit", "reset", "everything");

    private final NodeTables tables;
    private final NodeNames names;
    private final NodeSight sight;
    private final long from;
    private final long to;

    /**
     * All of it.
     *
     * @param from ns, inclusive
     * @param to ns, exclusive
     */
    public NodeActivity(History history, NodeTables tables, long from, long to) throws IOException {
        this(NodeNames.of(history, before(from), after(to)), tables, NodeSight.EVERYTHING, from, to);
    }

    /**
     * What somebody may see of it.
     *
     * @param known with no pods but those whose rows may be seen
     * @param everything with all others
     */
    public NodeActivity(History known, History everything, NodeSight sight, long from, long to) throws IOException {
        this(NodeNames.of(known, everything, before(from), after(to)), everything.nodes(), sight, from, to);
    }

    NodeActivity(NodeNames names, NodeTables tables, NodeSight sight, long from, long to) {
        this.tables = tables;
        this.names = names;
        this.sight = sight;
        this.from = from;
        this.to = to;
    }

    static long before(long from) {
        return from < Long.MIN_VALUE + AROUND ? from : from - AROUND;
    }

    static long after(long to) {
        return to > Long.MAX_VALUE - AROUND ? to : to + AROUND;
    }

    public NodeNames names() {
        return names;
    }

    /**
     * Processes, connections that failed or broke, lookups of names that came to nothing, waits for a limit of processors, and losses, by time.
     *
     * @param isAll whether also those that were running when the agent began, the runtime's steps, and control groups
     * @param isTrouble whether only what people look for: kills, crashes, failed connections and lookups, losses
     */
    public NodePage<NodeEvent> events(
            NodeSelection selection, boolean isAll, boolean isTrouble, NodePage.Request request) throws IOException {
        Predicate<NodeRow> isSeen = row -> sight.sees(row, names) && (!isTrouble || NodeEvent.isTrouble(row));
        List<PagedRows> parts = new ArrayList<>();
        parts.add(visit(
                LandingTable.PROCESS_EVENTS,
                request,
                isSeen.and(selection::containsProcess)
                        .and(row -> isAll || !(row.text("kind").equals("running") || NodeEvent.isRuntimesStep(row)))));
        parts.add(visit(
                LandingTable.FLOWS,
                request,
                isSeen.and(selection::containsProcess).and(NodeEvent::isTrouble)));
        PagedRows lookups = new PagedRows(request, _ -> true);
        FailedLookups.in(tables, from, to, isSeen.and(selection::containsProcess))
                .forEach(lookups);
        parts.add(lookups);
        parts.add(throttled(request, isSeen.and(selection::containsProcess)));
        if (!isTrouble) {
            parts.add(visit(LandingTable.ARGUMENTS, request, isSeen.and(selection::containsProcess)));
        }
        if (isAll) {
            parts.add(visit(LandingTable.CGROUPS, request, isSeen.and(selection::containsProcess)));
        }
        PagedRows gaps = new PagedRows(request, _ -> true);
        gaps(selection).forEach(gaps);
        parts.add(gaps);
        return PagedRows.page(request, parts).map(row -> NodeEvent.of(row, names));
    }

    private PagedRows throttled(NodePage.Request request, Predicate<NodeRow> isWanted) throws IOException {
        PagedRows page = new PagedRows(request, _ -> true);
        Throttling.of(tables.rows(
                        LandingTable.USAGE, from, to, row -> Throttling.isThrottled(row) && isWanted.test(row)))
                .forEach(page);
        return page;
    }

    /** What was lost that touches the stretch. */
    private List<NodeRow> gaps(NodeSelection selection) throws IOException {
        return tables.rows(LandingTable.GAPS, from, to, selection::isOfNode).stream()
                .map(sight::gap)
                .toList();
    }

    /** What was lost of connections. */
    public List<NodeEvent> gapsOfFlows(NodeSelection selection) throws IOException {
        return gaps(selection).stream()
                .filter(gap -> OF_FLOWS.contains(gap.text("kind")))
                .map(gap -> NodeEvent.of(gap, names))
                .toList();
    }

    /**
     * Connections that ended, by time.
     *
     * @param isTrouble whether only what failed, was sent again or reset
     */
    public NodePage<NodeFlow> flows(NodeSelection selection, boolean isTrouble, NodePage.Request request)
            throws IOException {
        Predicate<NodeRow> isWanted = row ->
                sight.sees(row, names) && selection.containsFlow(row, names) && (!isTrouble || NodeFlow.isTrouble(row));
        return PagedRows.page(request, List.of(visit(LandingTable.FLOWS, request, isWanted)))
                .map(row -> NodeFlow.of(row, names));
    }

    private PagedRows visit(LandingTable table, NodePage.Request request, Predicate<NodeRow> isWanted)
            throws IOException {
        String time = table.columns().getFirst().name();
        NodeTables.Selection stretch = new NodeTables.Selection(time, Math.max(from, request.time()), to, "");
        return tables.visit(table, stretch, () -> new PagedRows(request, isWanted));
    }
}
