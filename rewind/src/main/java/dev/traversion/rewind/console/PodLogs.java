/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.json.GoJson;
import dev.traversion.rewind.logs.LastLines;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What pods have logged in a stretch: all of a namespace, one, or those that belong to an object. */
final class PodLogs {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final int USUAL_LINES = 2000;
    private static final int MOST_LINES = 20_000;

    /** A deployment's pods belong to its replica set. */
    private static final int DEEPEST = 3;

    private final History history;
    private final String owner;
    private final Map<String, ObjectKey> pods = new HashMap<>();

    private PodLogs(History history, String owner) {
        this.history = history;
        this.owner = owner;
    }

    static void answer(Question question) throws IOException {
        if (!question.cluster().hasRows(LandingTable.LOGS)) {
            question.exchange().permit(new Read.Own("logs"));
            Answers.json(question.exchange(), Unrecorded.of("logs"), false);
            return;
        }
        Question.Stretch stretch = question.stretch();
        int limit = question.number("limit", USUAL_LINES, MOST_LINES);
        String resource = question.text("resource");
        String name = question.text("name");
        boolean isPod = !name.isEmpty() && (resource.isEmpty() || resource.equals("pods"));
        Past past = new Past(question.cluster().history(), stretch.from(), stretch.to());
        History history = question.exchange()
                .permit(new Read.Objects(past, "get", PODS, "log", question.text("namespace"), isPod ? name : ""))
                .of(past.history());
        String owner = name.isEmpty() || isPod
                ? ""
                : uid(
                        history,
                        new ObjectKey(question.type(stretch.to()), question.text("namespace"), name),
                        stretch.to());
        PodLogs found = new PodLogs(history, owner);
        found.find(question.text("namespace"), isPod ? name : "", !name.isEmpty() && !isPod, stretch);
        Answers.json(question.exchange(), found.lines(stretch, limit), question.isSettled(stretch.to()));
    }

    private static String uid(History history, ObjectKey key, long time) throws IOException {
        Optional<ObjectVersion> object = history.get(key, time);
        return object.isEmpty() ? "" : metadata(object.get()).path("uid").asText();
    }

    private static JsonNode metadata(ObjectVersion version) throws IOException {
        return GoJson.read(version.body()).path("metadata");
    }

    /** Pods that were there when the stretch began, and those that came. */
    private void find(String namespace, String name, boolean isOwned, Question.Stretch stretch) throws IOException {
        ObjectVersion.Visitor visitor = pod -> {
            if (pod.bodyLength() > 0 && (name.isEmpty() || pod.key().name().equals(name))) {
                JsonNode metadata = metadata(pod);
                if (!isOwned || belongs(metadata, pod.key().namespace(), pod.observedAt(), DEEPEST)) {
                    pods.put(metadata.path("uid").asText(), pod.key());
                }
            }
            return true;
        };
        history.list(PODS, namespace, null, stretch.from(), visitor);
        history.changes(PODS, namespace, stretch.from(), stretch.to(), visitor);
    }

    private boolean belongs(JsonNode metadata, String namespace, long time, int depth) throws IOException {
        for (JsonNode reference : metadata.path("ownerReferences")) {
            if (reference.path("uid").asText().equals(owner)) {
                return true;
            }
            if (depth > 0 && reference.path("kind").asText().equals("ReplicaSet")) {
                ObjectKey set = new ObjectKey(
                        new ResourceType("apps", "replicasets"),
                        namespace,
                        reference.path("name").asText());
                Optional<ObjectVersion> found = history.get(set, time);
                if (found.isPresent() && belongs(metadata(found.get()), namespace, time, depth - 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    private ObjectNode lines(Question.Stretch stretch, int limit) throws IOException {
        String only = pods.size() == 1 ? pods.keySet().iterator().next() : "";
        LastLines last = history.nodes()
                .visit(
                        LandingTable.LOGS,
                        new NodeTables.Selection("logged", stretch.from() + 1, stretch.to() + 1, only),
                        () -> new LastLines(pods.keySet(), limit));
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("recorded", true);
        ArrayNode lines = answer.putArray("lines");
        for (LastLines.Line each : last.lines()) {
            ObjectKey pod = pods.get(each.podUid());
            lines.addObject()
                    .put("at", Millis.observed(each.line().logged()))
                    .put("text", each.line().shown())
                    .put("namespace", pod.namespace())
                    .put("pod", pod.name())
                    .put("container", each.container())
                    .put("stream", each.line().stream());
        }
        return answer.put("omitted", last.omitted());
    }
}
