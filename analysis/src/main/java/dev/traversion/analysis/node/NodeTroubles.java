/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.analysis.Scope;
import dev.traversion.analysis.timeline.TimelineEntry;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What of the nodes a timeline tells: kills, crashes and failed connections of the pods it is about. */
public final class NodeTroubles {

    private static final ResourceType PODS = new ResourceType("", "pods");

    private NodeTroubles() {}

    /**
     * The latest of them.
     *
     * @param isKnown which objects may be told of
     * @param from ns, exclusive
     * @param to ns, inclusive
     */
    public static List<TimelineEntry> of(
            History history, Scope scope, Predicate<ObjectKey> isKnown, long from, long to, int most)
            throws IOException {
        NodeTables tables = history.nodes();
        if (!scope.contains(PODS) || tables.nodes().isEmpty()) {
            return List.of();
        }
        long end = to == Long.MAX_VALUE ? to : to + 1;
        NodeNames names = NodeNames.of(history, isKnown, NodeActivity.before(from), NodeActivity.after(end));
        Set<String> uids = names.uids(scope::contains);
        if (uids.isEmpty()) {
            return List.of();
        }
        List<TimelineEntry> entries = new ArrayList<>();
        NodePage<NodeEvent> events = new NodeActivity(names, tables, NodeSight.EVERYTHING, from + 1, end)
                .events(new NodeSelection("", uids, Set.of()), false, true, NodePage.Request.latest(most));
        for (NodeEvent event : events.rows()) {
            if (event.pod().isPresent()) {
                String in = event.container().isEmpty() ? "" : event.container() + ": ";
                entries.add(new TimelineEntry(
                        event.at(),
                        TimelineEntry.What.PROCESS,
                        event.pod().get(),
                        in + event.text(),
                        List.of(),
                        event.node()));
            }
        }
        return entries;
    }
}
