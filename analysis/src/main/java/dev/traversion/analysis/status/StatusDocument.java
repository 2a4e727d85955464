/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.Recorders;
import dev.traversion.archive.Times;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.members.Member;
import dev.traversion.archive.members.Membership;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How completely a cluster is being recorded, as JSON: {@code cluster, recording, start, end, bytes, committer, recorders, resources,
 * nodes}. Times are RFC 3339, {@code covered} goes from 0 to 1, {@code bytes} are those of all files in the store.
 */
public final class StatusDocument {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private StatusDocument() {}

    /**
     * All of it.
     *
     * @param since the beginning of the stretch that coverage, gaps and nodes are of, ns; it ends with the recording
     */
    public static ObjectNode of(History history, long since) throws IOException {
        ObjectNode document = JSON.objectNode()
                .put("cluster", history.clusterId())
                .put("recording", history.live())
                .put("start", Times.instant(history.start()).toString())
                .put("end", Times.instant(history.end()).toString())
                .put("bytes", history.files().bytes());
        recorders(document, history.files().recorders());
        ArrayNode resources = document.putArray("resources");
        TypeStatus.of(history, since).forEach(type -> resources.add(resource(type)));
        document.set("nodes", nodes(history.nodes(), since));
        return document;
    }

    /** Takes out what tells of objects and nodes themselves. */
    public static void withhold(ObjectNode document) {
        document.path("resources").forEach(each -> ((ObjectNode) each).remove("lastChange"));
        document.remove("nodes");
        document.put("withheld", true);
    }

    /** The word for a state. */
    public static String word(TypeStatus.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static void recorders(ObjectNode document, Recorders recorders) {
        recorders.committer().ifPresent(holder -> document.putObject("committer")
                .put("recorder", holder.writer())
                .put("number", holder.epoch())
                .put("since", holder.time())
                .put("shared", holder.shared()));
        ArrayNode members = document.putArray("recorders");
        for (Member member : recorders.members()) {
            ObjectNode each = members.addObject()
                    .put("recorder", member.id().writer())
                    .put("since", member.beat().since())
                    .put("lastBeat", member.beat().time())
                    .put(
                            "commits",
                            recorders
                                    .committer()
                                    .filter(holder -> holder.member().equals(member.id()))
                                    .isPresent());
            ArrayNode types = each.putArray("resources");
            Membership.types(member.beat()).forEach(type -> types.add(type.toString()));
        }
    }

    private static ObjectNode resource(TypeStatus type) {
        ObjectNode each = JSON.objectNode()
                .put("group", type.type().group())
                .put("resource", type.type().resource())
                .put("state", word(type.state()));
        if (type.lastChange().isPresent()) {
            each.put("lastChange", Times.instant(type.lastChange().getAsLong()).toString());
        }
        if (type.confirmed() != Long.MIN_VALUE) {
            each.put("confirmed", Times.instant(type.confirmed()).toString());
        }
        each.put("covered", type.covered()).put("gaps", type.gaps());
        return type.reason().isEmpty() ? each : each.put("reason", type.reason());
    }

    /** When the agent of each node was last heard of in that time, and what it could not record. */
    private static ArrayNode nodes(NodeTables tables, long since) throws IOException {
        Set<String> names = new TreeSet<>(tables.nodes());
        Map<String, Long> last = new TreeMap<>();
        for (NodeRow row : tables.rows(LandingTable.CLOCK, since, Long.MAX_VALUE, _ -> true)) {
            names.add(row.node());
            last.merge(row.node(), row.time(), Math::max);
        }
        Map<String, Map<String, Long>> losses = new TreeMap<>();
        for (NodeRow row : tables.rows(LandingTable.GAPS, since, Long.MAX_VALUE, _ -> true)) {
            losses.computeIfAbsent(row.node(), _ -> new TreeMap<>())
                    .merge(row.text("kind") + ": " + row.text("reason"), row.number("events"), Long::sum);
        }
        ArrayNode nodes = JSON.arrayNode();
        for (String name : names) {
            ObjectNode node = nodes.addObject().put("node", name);
            if (last.containsKey(name)) {
                node.put("lastHeard", Times.instant(last.get(name)).toString());
            }
            ArrayNode missing = node.putArray("notRecorded");
            losses.getOrDefault(name, Map.of())
                    .forEach((what, events) ->
                            missing.addObject().put("what", what).put("events", events));
        }
        return nodes;
    }
}
