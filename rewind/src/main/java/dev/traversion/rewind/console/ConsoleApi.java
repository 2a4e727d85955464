/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The data of the console, {@code /console/api/}. What it is, parameter by parameter, stands in {@code openapi.json}. */
public final class ConsoleApi {

    private static final String DESCRIPTION = "openapi.json";
    private static final int MOST_CHANGES = 1_000_000;

    /** The most a window may last, ns: its times are ms in 32 bits. */
    private static final long LONGEST = 49L * 24 * 3600 * 1_000_000_000L;

    /** Answers one sort of question. */
    private interface Endpoint {
        void answer(Question question) throws IOException;
    }

    private record Route(Set<String> parameters, Endpoint endpoint) {}

    private final Map<String, ServedCluster> clusters;
    private final Map<String, Route> routes = new TreeMap<>();

    /** @param clusters by id, in order */
    public ConsoleApi(Map<String, ServedCluster> clusters) {
        this.clusters = clusters;
        Densities densities = new Densities();
        route("recording", Overview::recording, "t");
        route("resources", Overview::resources, "t", "namespace");
        route("index", ConsoleApi::index, "from", "to", "resources", "namespace", "limit");
        route("density", densities::answer, "from", "to", "width", "resources", "namespace");
        route("table", Rows::answer, "t", "resource", "namespace", "names", "after", "limit", "labelSelector");
        route("object", ObjectAnswers::object, "t", "resource", "namespace", "name", "managedFields", "format");
        route("history", ObjectAnswers::history, "from", "to", "resource", "namespace", "name", "limit");
        route("events", Happenings::events, "t", "since", "resource", "namespace", "name", "limit");
        route("diff", Happenings::diff, "from", "to", "resources", "namespace", "name", "bodies");
        route("timeline", Happenings::timeline, "from", "to", "resources", "namespace", "name", "tree", "limit");
        route("search", Search::answer, "q", "t", "resources", "namespace", "limit");
        route("topology", Topology::answer, "t", "namespace");
        route("tail", Tail::answer, "from", "resources", "namespace");
        route("why", Causes::answer, "t", "resource", "namespace", "name");
        route("logs", PodLogs::answer, "t", "from", "to", "resource", "namespace", "name", "limit");
        String[] ofNodes = {"from", "to", "namespace", "target", "trouble", "latest", "after", "limit"};
        route("flows", NodeAnswers::flows, ofNodes);
        route("processes", NodeAnswers::processes, with(ofNodes, "all"));
        route("usage", NodeAnswers::usage, "t", "kind", "namespace", "after", "limit");
    }

    private static String[] with(String[] names, String further) {
        String[] all = Arrays.copyOf(names, names.length + 1);
        all[names.length] = further;
        return all;
    }

    private void route(String name, Endpoint endpoint, String... parameters) {
        routes.put(name, new Route(new TreeSet<>(Arrays.asList(parameters)), endpoint));
    }

    /** What may be asked of a cluster, and with which parameters. */
    public Map<String, Set<String>> endpoints() {
        Map<String, Set<String>> all = new TreeMap<>();
        routes.forEach((name, route) -> all.put(name, route.parameters()));
        return all;
    }

    /** @param path below {@code /console/api/} */
    public void handle(Exchange exchange, List<String> path) throws IOException {
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            throw StatusFailure.methodNotAllowed("the past is only to be read, with GET");
        }
        if (path.equals(List.of(DESCRIPTION))) {
            exchange.permit(new Read.Own(DESCRIPTION));
            Answers.send(exchange, "application/json", description(), true);
            return;
        }
        if (path.equals(List.of("clusters"))) {
            exchange.permit(new Read.Own("clusters"));
            Answers.json(exchange, Overview.clusters(clusters.values()), false);
            return;
        }
        Route route = path.size() == 3 && path.getFirst().equals("clusters") ? routes.get(path.get(2)) : null;
        ServedCluster cluster = route == null ? null : clusters.get(path.get(1));
        if (cluster == null) {
            throw StatusFailure.notServed("there is no " + String.join("/", path) + " here; clusters are "
                    + clusters.keySet() + ", and of each there are " + routes.keySet());
        }
        for (String name : exchange.queryNames()) {
            if (!route.parameters().contains(name)) {
                throw StatusFailure.badRequest(
                        "there is no parameter " + name + " of " + path.get(2) + "; there are " + route.parameters());
            }
        }
        route.endpoint().answer(new Question(cluster, exchange));
    }

    /** The OpenAPI document. */
    static byte[] description() throws IOException {
        try (InputStream in = ConsoleApi.class.getResourceAsStream(DESCRIPTION)) {
            if (in == null) {
                throw new IllegalStateException(DESCRIPTION + " is missing beside " + ConsoleApi.class.getName());
            }
            return in.readAllBytes();
        }
    }

    private static void index(Question question) throws IOException {
        Question.Stretch stretch = question.stretch();
        if (stretch.to() - stretch.from() > LONGEST) {
            throw StatusFailure.badRequest("from and to are more than 49 days apart: ask for a shorter window");
        }
        int limit = question.number("limit", MOST_CHANGES, MOST_CHANGES);
        Permitted permitted = question.permitted(stretch.from(), stretch.to());
        Overview.Kinds kinds = new Overview.Kinds(question.cluster(), stretch.to());
        VersionIndex index = new VersionIndex(stretch.from(), stretch.to(), limit);
        List<ResourceType> asked = question.types(stretch.to());
        for (ResourceType type : permitted.history().types(stretch.to())) {
            if (asked.contains(type)) {
                ObjectNode kind = kinds.describe(type).retain("resource", "group", "name", "kind", "namespaced");
                index.add(permitted.history(), type, question.text("namespace"), kind);
            }
        }
        Answers.send(
                question.exchange(),
                "application/vnd.traversion.index",
                index.bytes(permitted.hidden()),
                question.isSettled(stretch.to()));
    }
}
