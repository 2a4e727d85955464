/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.analysis.AnalysisApi;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.console.ConsoleApi;
import dev.traversion.rewind.console.FirstPicture;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.iceberg.IcebergApi;
import dev.traversion.rewind.moment.MomentApi;
import dev.traversion.rewind.play.Films;
import dev.traversion.rewind.recording.RecordingApi;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is served of recordings, whoever may read it: {@code clusters}, and below it moments, films, diffs, timelines and what is told of
 * the recording itself; the console; and tables.
 */
final class RecordingRoutes implements ApiHandler.Routes, AutoCloseable {

    private static final Set<String> ANALYSES = Set.of("diff", "timeline", "versions", "why", "first");
    private static final Set<String> OF_ITSELF = Set.of("status", "reads", "pins", "check", "files", "export");

    private final Map<String, ServedCluster> clusters = new LinkedHashMap<>();
    private final Films films = new Films();
    private final RecordingApi recording = new RecordingApi();
    private final ConsoleApi console = new ConsoleApi(clusters);
    private final FirstPicture firstPicture = new FirstPicture(clusters);
    private final IcebergApi iceberg = new IcebergApi(clusters);

    RecordingRoutes(List<? extends History> histories) {
        for (History history : histories) {
            clusters.put(history.clusterId(), new ServedCluster(history));
        }
    }

    /** Null if there is none of that id. */
    ServedCluster cluster(String id) {
        return clusters.get(id);
    }

    /** Somebody is about to open a page of the console: see {@link FirstPicture#expect}. */
    void expectPage(String link) {
        firstPicture.expect(link);
    }

    @Override
    public void handle(Exchange exchange, List<String> path) throws IOException {
        if (path.isEmpty() || path.equals(List.of("clusters"))) {
            exchange.permit(new Read.Own("clusters"));
            ApiHandler.send(exchange, index());
            return;
        }
        if (path.size() > 1 && path.getFirst().equals("console")) {
            console.handle(exchange, path.subList(2, path.size()));
            return;
        }
        if (path.getFirst().equals("iceberg")) {
            iceberg.handle(exchange, path.subList(1, path.size()));
            return;
        }
        ServedCluster cluster =
                path.size() > 1 && path.getFirst().equals("clusters") ? clusters.get(path.get(1)) : null;
        if (cluster == null) {
            throw StatusFailure.notServed("there is no " + String.join("/", path) + " here; served are "
                    + clusters.keySet() + " as /clusters/<id>/at/<time>/");
        }
        if (path.size() == 2) {
            exchange.permit(new Read.Own("clusters"));
            ApiHandler.send(exchange, describe(cluster));
        } else if (path.size() > 3 && path.get(2).equals("at")) {
            new MomentApi(view(cluster, path.get(3))).handle(exchange, path.subList(4, path.size()));
        } else if (path.get(2).equals("play")) {
            films.handle(cluster, exchange, path.subList(3, path.size()));
        } else if (ANALYSES.contains(path.get(2))) {
            new AnalysisApi(cluster, exchange).handle(path.subList(2, path.size()));
        } else if (OF_ITSELF.contains(path.get(2))) {
            recording.handle(cluster, exchange, path.subList(2, path.size()));
        } else {
            throw StatusFailure.notServed(
                    "a moment is served as /clusters/<id>/at/<time>/, what happened between two as"
                            + " /clusters/<id>/play/<from>/<to>/<speed>/");
        }
    }

    private static View view(ServedCluster cluster, String time) {
        try {
            return cluster.at(Moment.parse(time));
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
    }

    private ObjectNode index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ArrayNode list = index.putArray("clusters");
        clusters.values().forEach(cluster -> list.add(describe(cluster)));
        return index;
    }

    private static ObjectNode describe(ServedCluster cluster) {
        cluster.follower().refresh();
        History history = cluster.history();
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", history.clusterId())
                .put("start", Moment.format(history.start()))
                .put("end", Moment.format(history.end()))
                .put("live", history.live());
    }

    @Override
    public void close() {
        firstPicture.close();
        clusters.values().forEach(ServedCluster::close);
    }
}
