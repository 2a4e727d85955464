/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.node.NodeActivity;
import dev.traversion.analysis.node.NodeDocument;
import dev.traversion.analysis.node.NodeEvent;
import dev.traversion.analysis.node.NodeFlow;
import dev.traversion.analysis.node.NodeNames;
import dev.traversion.analysis.node.NodePage;
import dev.traversion.analysis.node.NodeSelection;
import dev.traversion.analysis.node.NodeSight;
import dev.traversion.analysis.node.NodeUsage;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What processes did, who talked to whom, and what was used. Who may list pods in a namespace may see what these did; the nodes' own
 * processes, and why something was not recorded, are for those who may list nodes. Names of what may not be listed are left out.
 */
final class NodeAnswers {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final List<ResourceType> NAMED =
            List.of(PODS, new ResourceType("", "services"), new ResourceType("discovery.k8s.io", "endpointslices"));
    private static final int USUAL_ROWS = 1000;
    private static final int MOST_ROWS = 10_000;

    private NodeAnswers() {}

    /** What somebody may see of a stretch. */
    private record Seen(History names, NodeSight sight, ObjectNode hidden) {

        static Seen of(Question question, Question.Stretch stretch) throws IOException {
            String namespace = question.text("namespace");
            History history = question.cluster().history();
            Past past = new Past(
                    history,
                    Math.clamp(stretch.from(), history.start(), history.end()),
                    Math.clamp(stretch.to(), history.start(), history.end()));
            boolean seesNodes = namespace.isEmpty()
                    && Permitted.list(question.exchange(), past, NODES, "").isPresent();
            boolean seesPods = namespace.isEmpty()
                    && Permitted.list(question.exchange(), past, PODS, "").isPresent();
            List<ResourceType> types = new ArrayList<>(NAMED);
            if (seesNodes) {
                types.add(NODES);
            }
            Permitted permitted = Permitted.ask(question.exchange(), past, types, true, namespace);
            ObjectNode hidden = permitted.hidden();
            if (namespace.isEmpty() && !seesNodes) {
                hidden.put("types", hidden.path("types").asInt() + 1);
            }
            return new Seen(permitted.history(), new NodeSight(seesPods, seesNodes), hidden);
        }
    }

    private static boolean isUnrecorded(Question question, String what, LandingTable table) throws IOException {
        if (question.cluster().hasRows(table)) {
            return false;
        }
        question.exchange().permit(new Read.Own(what));
        Answers.json(question.exchange(), Unrecorded.of(what), false);
        return true;
    }

    private static NodePage.Request page(Question question) {
        int limit = question.number("limit", USUAL_ROWS, MOST_ROWS);
        if (question.isTrue("latest")) {
            return NodePage.Request.latest(limit);
        }
        try {
            return question.text("after").isEmpty()
                    ? NodePage.Request.first(limit)
                    : NodePage.Request.after(limit, question.text("after"));
        } catch (IllegalArgumentException e) {
            throw StatusFailure.badRequest("after: " + e.getMessage());
        }
    }

    private static NodeSelection selection(Supplier<NodeSelection> asked) {
        try {
            return asked.get();
        } catch (TraversionException e) {
            throw StatusFailure.notServed(e.getMessage());
        }
    }

    static void processes(Question question) throws IOException {
        if (isUnrecorded(question, "processes", LandingTable.CLOCK)) {
            return;
        }
        Question.Stretch stretch = question.stretchOfNodes();
        Seen seen = Seen.of(question, stretch);
        NodeTables tables = question.cluster().history().nodes();
        NodeActivity activity = new NodeActivity(
                seen.names(), question.cluster().history(), seen.sight(), stretch.from(), stretch.to());
        List<String> nodes = tables.nodes();
        NodeSelection selection = selection(() ->
                NodeSelection.processes(activity.names(), nodes, question.text("namespace"), question.text("target")));
        NodePage<NodeEvent> page =
                activity.events(selection, question.isTrue("all"), question.isTrue("trouble"), page(question));
        ObjectNode answer = answer();
        ArrayNode events = answer.putArray("events");
        page.rows().forEach(event -> events.add(NodeDocument.of(event).put("at", Millis.observed(event.at()))));
        send(question, answer, page, seen);
    }

    static void flows(Question question) throws IOException {
        if (isUnrecorded(question, "flows", LandingTable.FLOWS)) {
            return;
        }
        Question.Stretch stretch = question.stretchOfNodes();
        Seen seen = Seen.of(question, stretch);
        NodeActivity activity = new NodeActivity(
                seen.names(), question.cluster().history(), seen.sight(), stretch.from(), stretch.to());
        NodeSelection selection = selection(
                () -> NodeSelection.connections(activity.names(), question.text("namespace"), question.text("target")));
        NodePage<NodeFlow> page = activity.flows(selection, question.isTrue("trouble"), page(question));
        ObjectNode answer = answer();
        ArrayNode flows = answer.putArray("flows");
        page.rows().forEach(flow -> flows.add(NodeDocument.of(flow).put("at", Millis.observed(flow.at()))));
        ArrayNode gaps = answer.putArray("gaps");
        activity.gapsOfFlows(selection)
                .forEach(gap -> gaps.add(NodeDocument.of(gap).put("at", Millis.observed(gap.at()))));
        send(question, answer, page, seen);
    }

    static void usage(Question question) throws IOException {
        if (isUnrecorded(question, "usage", LandingTable.USAGE)) {
            return;
        }
        NodeUsage.Kind kind;
        try {
            kind = NodeUsage.Kind.valueOf(question.required("kind").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw StatusFailure.badRequest("kind is one of pod, container and node");
        }
        History history = question.cluster().history();
        boolean isNow = question.text("t").isEmpty() || question.text("t").equals("now");
        long time = isNow ? question.now() : question.time("t");
        long since = time - NodeUsage.RECENT - (isNow ? NodeUsage.LANDED : 0);
        Question.Stretch stretch = new Question.Stretch(since, time);
        Seen seen = Seen.of(question, stretch);
        List<NodeUsage> used = NodeUsage.at(
                NodeNames.of(seen.names(), since, time),
                history.nodes(),
                seen.sight(),
                kind,
                question.text("namespace"),
                since,
                time);
        int limit = question.number("limit", USUAL_ROWS, MOST_ROWS);
        String after = question.text("after");
        List<NodeUsage> rest = used.stream()
                .filter(each -> after.isEmpty() || place(each).compareTo(after) > 0)
                .toList();
        List<NodeUsage> page = rest.subList(0, Math.min(limit, rest.size()));
        ObjectNode answer = answer().put("t", Millis.observed(time));
        ArrayNode usage = answer.putArray("usage");
        page.forEach(each -> usage.add(NodeDocument.of(each).put("at", Millis.observed(each.at()))));
        send(question, answer, new NodePage<>(page, page.size() == rest.size() ? "" : place(page.getLast()), 0), seen);
    }

    /** In the order of names: neither a namespace nor a node has a character less than a line's end in it. */
    private static String place(NodeUsage used) {
        return used.namespace() + "\n" + used.name() + "\n" + used.node();
    }

    private static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode().put("recorded", true);
    }

    private static void send(Question question, ObjectNode answer, NodePage<?> page, Seen seen) throws IOException {
        answer.put("next", page.next()).put("omitted", page.omitted());
        answer.set("hidden", seen.hidden());
        // What a node did is landed a minute later, or when it is back.
        boolean isSettled = !question.cluster().history().live();
        Answers.json(question.exchange(), answer, isSettled);
    }
}
