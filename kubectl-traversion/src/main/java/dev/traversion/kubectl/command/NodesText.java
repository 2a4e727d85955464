/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.archive.Times;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How completely what happens on nodes is being recorded. */
final class NodesText {

    /**
     * What is known of a node.
     *
     * @param last when its agent was last heard of, ns; 0 if not since
     * @param losses by what was lost and why, how many events; 0 where that is not known
     */
    private record NodeState(String node, long last, Map<String, Long> losses) {}

    private NodesText() {}

    private static List<NodeState> states(NodeTables tables, long since) throws IOException {
        Map<String, Long> last = new TreeMap<>();
        tables.nodes().forEach(node -> last.put(node, 0L));
        for (NodeRow row : tables.rows(LandingTable.CLOCK, since, Long.MAX_VALUE, _ -> true)) {
            last.merge(row.node(), row.time(), Math::max);
        }
        Map<String, Map<String, Long>> losses = new TreeMap<>();
        for (NodeRow row : tables.rows(LandingTable.GAPS, since, Long.MAX_VALUE, _ -> true)) {
            losses.computeIfAbsent(row.node(), any -> new TreeMap<>())
                    .merge(row.text("kind") + ": " + row.text("reason"), row.number("events"), Long::sum);
        }
        List<NodeState> states = new ArrayList<>();
        last.forEach((node, time) -> states.add(new NodeState(node, time, losses.getOrDefault(node, Map.of()))));
        return states;
    }

    /** A line for each node, and for each thing that it could not record; none if there never was an agent. */
    static List<String> lines(NodeTables tables, long since) throws IOException {
        List<NodeState> states = states(tables, since);
        if (states.isEmpty()) {
            return List.of();
        }
        Instant now = Instant.now();
        List<String> lines = new ArrayList<>(List.of("", "Nodes:"));
        for (NodeState state : states) {
            lines.add("  " + state.node() + ": "
                    + (state.last() == 0
                            ? "its agent was not heard of in that time"
                            : "last heard of " + MomentText.ago(Times.instant(state.last()), now)));
            state.losses()
                    .forEach((what, events) ->
                            lines.add("    not recorded: " + what + (events > 0 ? " (" + events + " events)" : "")));
        }
        return lines;
    }

    static void write(JsonGenerator document, NodeTables tables, long since) throws IOException {
        document.writeArrayFieldStart("nodes");
        for (NodeState state : states(tables, since)) {
            document.writeStartObject();
            document.writeStringField("node", state.node());
            if (state.last() > 0) {
                document.writeStringField(
                        "lastHeard", Times.instant(state.last()).toString());
            }
            document.writeArrayFieldStart("notRecorded");
            for (Map.Entry<String, Long> loss : state.losses().entrySet()) {
                document.writeStartObject();
                document.writeStringField("what", loss.getKey());
                document.writeNumberField("events", loss.getValue());
                document.writeEndObject();
            }
            document.writeEndArray();
            document.writeEndObject();
        }
        document.writeEndArray();
    }
}
