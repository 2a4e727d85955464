/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.analysis.node.NodeActivity;
import dev.traversion.analysis.node.NodeEvent;
import dev.traversion.analysis.node.NodeFlow;
import dev.traversion.analysis.node.NodeNames;
import dev.traversion.analysis.node.NodePage;
import dev.traversion.analysis.node.NodeSelection;
import dev.traversion.analysis.node.NodeSight;
import dev.traversion.analysis.node.NodeUsage;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.time.TimeExpression;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** A recording whose tables are read here. */
record NodeRecording(OpenRecording opened) implements NodePast {

    @Override
    public Instant resolve(TimeExpression time, ZoneId zone, String namespace) {
        return opened.resolve(time, zone, namespace);
    }

    /** @throws TraversionException if nothing was ever recorded on nodes */
    private NodeTables recorded() throws IOException {
        NodeTables nodes = opened.nodes();
        if (nodes.nodes().isEmpty()) {
            throw new TraversionException(
                    "Not recorded: no node agent has written to this recording. Run one on each node:"
                            + " kubectl traversion record --node.");
        }
        return nodes;
    }

    private NodeActivity activity(Asked asked) throws IOException {
        return new NodeActivity(opened.history(), recorded(), Times.nanos(asked.from()), Times.nanos(asked.to()));
    }

    @Override
    public Told<NodeEvent> events(Asked asked, boolean isAll) throws IOException {
        NodeActivity activity = activity(asked);
        NodeSelection selection =
                NodeSelection.processes(activity.names(), opened.nodes().nodes(), asked.namespace(), asked.target());
        return new Told<>(
                activity.events(selection, isAll, asked.isTrouble(), NodePage.Request.ALL)
                        .rows(),
                List.of());
    }

    @Override
    public Told<NodeFlow> flows(Asked asked) throws IOException {
        NodeActivity activity = activity(asked);
        NodeSelection selection = NodeSelection.connections(activity.names(), asked.namespace(), asked.target());
        return new Told<>(
                activity.flows(selection, asked.isTrouble(), NodePage.Request.ALL)
                        .rows(),
                activity.gapsOfFlows(selection).stream()
                        .map(gap -> gap.node() + ": " + gap.text())
                        .toList());
    }

    @Override
    public Told<NodeUsage> usage(Instant moment, boolean isNow, NodeUsage.Kind kind, String namespace)
            throws IOException {
        long to = Times.nanos(moment);
        long since = to - NodeUsage.RECENT - (isNow ? NodeUsage.LANDED : 0);
        NodeTables nodes = recorded();
        NodeNames names = NodeNames.of(opened.history(), since, to);
        return new Told<>(NodeUsage.at(names, nodes, NodeSight.EVERYTHING, kind, namespace, since, to), List.of());
    }

    @Override
    public void close() {
        opened.close();
    }
}
