/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.node.NodeDocument;
import dev.traversion.analysis.node.NodeEvent;
import dev.traversion.analysis.node.NodeFlow;
import dev.traversion.analysis.node.NodeUsage;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.time.TimeExpression;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The server of the past in the cluster: what it tells of nodes is for the person who asks. */
record NodeCluster(ClusterPast past) implements NodePast {

    private static final String PAGE = "10000";

    @Override
    public Instant resolve(TimeExpression time, ZoneId zone, String namespace) {
        return past.resolve(time, zone, namespace);
    }

    private static Map<String, String> query(Asked asked) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("from", asked.from().toString());
        query.put("to", asked.to().toString());
        query.put("namespace", asked.namespace());
        query.put("target", asked.target());
        query.put("trouble", Boolean.toString(asked.isTrouble()));
        return query;
    }

    @Override
    public Told<NodeEvent> events(Asked asked, boolean isAll) throws IOException {
        Map<String, String> query = query(asked);
        query.put("all", Boolean.toString(isAll));
        return pages("processes", "events", query, NodeDocument::event);
    }

    @Override
    public Told<NodeFlow> flows(Asked asked) throws IOException {
        return pages("flows", "flows", query(asked), NodeDocument::flow);
    }

    @Override
    public Told<NodeUsage> usage(Instant moment, boolean isNow, NodeUsage.Kind kind, String namespace)
            throws IOException {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("t", isNow ? "now" : moment.toString());
        query.put("kind", kind.name().toLowerCase(Locale.ROOT));
        query.put("namespace", namespace);
        return pages("usage", "usage", query, NodeDocument::usage);
    }

    private <T> Told<T> pages(String what, String rows, Map<String, String> query, Function<JsonNode, T> reader)
            throws IOException {
        query.put("limit", PAGE);
        List<T> all = new ArrayList<>();
        JsonNode page;
        do {
            page = past.console(what, query);
            if (!page.path("recorded").asBoolean()) {
                throw new TraversionException(
                        "Not recorded: " + page.path("reason").asText() + ".");
            }
            page.path(rows).forEach(row -> all.add(reader.apply(row)));
            query.put("after", page.path("next").asText());
        } while (!page.path("next").asText().isEmpty());
        return new Told<>(all, notes(page));
    }

    private static List<String> notes(JsonNode page) {
        List<String> notes = new ArrayList<>();
        for (JsonNode gap : page.path("gaps")) {
            notes.add(gap.path("node").asText() + ": " + gap.path("what").asText());
        }
        int types = page.path("hidden").path("types").asInt();
        int namespaces = page.path("hidden").path("namespaces").asInt();
        if (types + namespaces > 0) {
            notes.add("hidden, since you may not read it: " + (types > 0 ? types + " resources in part" : "")
                    + (types > 0 && namespaces > 0 ? ", " : "")
                    + (namespaces > 0 ? namespaces + " namespaces" : ""));
        }
        return notes;
    }

    @Override
    public void close() {}
}
