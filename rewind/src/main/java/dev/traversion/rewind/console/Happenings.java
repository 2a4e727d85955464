/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.Family;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.analysis.node.NodeTroubles;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.analysis.timeline.TimelineEntry;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.cluster.Gaps;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/** What happened in a stretch: differences, a timeline, Events. */
final class Happenings {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final int USUAL_ENTRIES = 1000;
    private static final int MOST_ENTRIES = 100_000;
    private static final int USUAL_EVENTS = 200;
    private static final int MOST_EVENTS = 5000;

    private Happenings() {}

    /** What is asked about: nothing is named where all is meant, so that heartbeats are only counted. */
    private static Scope scope(Question question, long to) {
        Set<ResourceType> types = question.namesTypes() ? new TreeSet<>(question.types(to)) : Set.of();
        return new Scope(types, question.text("namespace"), question.text("name"));
    }

    private static Permitted permitted(Question question, Question.Stretch stretch) throws IOException {
        List<ResourceType> types = question.namesTypes()
                ? question.types(stretch.to())
                : question.cluster().history().types(stretch.to());
        return question.permitted(types, question.namesTypes(), stretch.from(), stretch.to());
    }

    static void diff(Question question) throws IOException {
        Question.Stretch stretch = question.stretch();
        Scope scope = scope(question, stretch.to());
        Permitted permitted = permitted(question, stretch);
        boolean isWhole = question.isTrue("bodies");
        ObjectNode answer =
                JSON.objectNode().put("from", Millis.observed(stretch.from())).put("to", Millis.observed(stretch.to()));
        ArrayNode objects = answer.putArray("objects");
        MomentDiff diff;
        try {
            diff = MomentDiff.between(permitted.history(), stretch.from(), stretch.to(), scope, difference -> {
                try {
                    objects.add(object(difference, isWhole));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        ObjectNode counts = answer.putObject("counts");
        for (ObjectDiff.Change change : ObjectDiff.Change.values()) {
            counts.put(name(change), diff.counts().getOrDefault(change, 0));
        }
        ObjectNode folded = answer.putObject("folded").put("fields", diff.foldedFields());
        diff.foldedObjects().forEach((type, count) -> folded.put(type.toString(), count));
        ArrayNode warnings = answer.putArray("warnings");
        for (long moment : new long[] {stretch.from(), stretch.to()}) {
            String completeness =
                    Gaps.completeness(question.cluster().history(), scope.types(), scope.namespace(), moment);
            if (!completeness.equals(Gaps.COMPLETE)) {
                warnings.add(Moment.format(moment) + ", " + completeness);
            }
        }
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, question.isSettled(stretch.to()));
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode object(ObjectDiff difference, boolean isWhole) throws IOException {
        ObjectNode object = JSON.objectNode()
                .put("resource", difference.key().type().toString())
                .put("group", difference.key().type().group())
                .put("kind", difference.kind())
                .put("namespace", difference.key().namespace())
                .put("name", difference.key().name())
                .put("change", name(difference.change()))
                .put("at", Millis.observed(difference.at()))
                .put("folded", difference.folded());
        ArrayNode fields = object.putArray("fields");
        difference.fields().forEach(change -> fields.add(ObjectAnswers.field(change)));
        if (isWhole) {
            whole(object, "old", difference.before());
            whole(object, "new", difference.after());
        }
        return object;
    }

    private static void whole(ObjectNode object, String name, byte[] body) throws IOException {
        if (body != null) {
            JsonNode tree = GoJson.read(body);
            if (tree.path("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
            }
            object.put(name, ObjectAnswers.yaml(GoJson.bytes(tree)));
        }
    }

    static void timeline(Question question) throws IOException {
        Question.Stretch stretch = question.stretch();
        Scope scope = scope(question, stretch.to());
        int limit = question.number("limit", USUAL_ENTRIES, MOST_ENTRIES);
        boolean isTree = question.isTrue("tree");
        // Owners and children are of other types: what may be read of all is asked for then.
        Permitted permitted = isTree
                ? question.permitted(
                        question.cluster().history().types(stretch.to()), false, stretch.from(), stretch.to())
                : permitted(question, stretch);
        Scope wanted =
                isTree ? scope.replacedBy(Family.of(permitted.history(), scope, stretch.from(), stretch.to())) : scope;
        Timeline timeline = Timeline.of(permitted.history(), wanted, stretch.from(), stretch.to(), limit)
                .with(
                        NodeTroubles.of(permitted.history(), wanted, _ -> true, stretch.from(), stretch.to(), limit),
                        limit);
        ObjectNode answer = JSON.objectNode();
        ArrayNode entries = answer.putArray("entries");
        for (TimelineEntry entry : timeline.entries()) {
            ObjectNode each = entries.addObject()
                    .put("at", Millis.observed(entry.at()))
                    .put("what", name(entry.what()))
                    .put("resource", entry.key().type().toString())
                    .put("namespace", entry.key().namespace())
                    .put("name", entry.key().name())
                    .put("text", entry.text())
                    .put("who", entry.who());
            ArrayNode fields = each.putArray("fields");
            entry.fields().forEach(change -> fields.add(ObjectAnswers.field(change)));
        }
        answer.put("omitted", timeline.omitted());
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, question.isSettled(stretch.to()));
    }

    private record Seen(long at, ObjectNode event) {}

    /** The Events there were at a moment, the newest first. */
    static void events(Question question) throws IOException {
        long time = question.time("t");
        ResourceType stored = question.cluster().storedType(EVENTS, time);
        int limit = question.number("limit", USUAL_EVENTS, MOST_EVENTS);
        String name = question.text("name");
        Overview.Kinds kinds = new Overview.Kinds(question.cluster(), time);
        String kind = name.isEmpty() ? "" : kinds.kind(question.type(time));
        Permitted permitted = question.permitted(List.of(stored), true, time, time);
        long since = question.text("since").isEmpty() ? Long.MIN_VALUE : question.time("since");
        // Of what is in no namespace, Events are in that for defaults.
        String namespace = question.text("namespace");
        PriorityQueue<Seen> latest = new PriorityQueue<>(Comparator.comparingLong(Seen::at));
        long[] omitted = {0};
        permitted.history().list(stored, namespace, null, time, version -> {
            if (version.observedAt() < since) {
                return true;
            }
            JsonNode event = GoJson.read(version.body());
            JsonNode about = event.has("involvedObject") ? event.path("involvedObject") : event.path("regarding");
            boolean isMeant = name.isEmpty()
                    || (about.path("name").asText().equals(name)
                            && about.path("kind").asText().equals(kind)
                            && about.path("namespace").asText("").equals(namespace));
            if (isMeant) {
                latest.add(new Seen(version.observedAt(), event(version, event, about)));
                if (latest.size() > limit) {
                    latest.remove();
                    omitted[0]++;
                }
            }
            return true;
        });
        ObjectNode answer = JSON.objectNode();
        ArrayNode events = answer.putArray("events");
        latest.stream().sorted(Comparator.comparingLong(Seen::at).reversed()).forEach(seen -> events.add(seen.event()));
        answer.put("omitted", omitted[0]);
        answer.put(
                "warning",
                Gaps.warning(question.cluster().history(), stored, namespace, time)
                        .orElse(""));
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, question.isSettled(time));
    }

    private static ObjectNode event(ObjectVersion version, JsonNode event, JsonNode about) {
        String reporter = event.path("reportingComponent").asText("");
        ObjectNode node = JSON.objectNode()
                .put("at", Millis.observed(version.observedAt()))
                .put("type", event.path("type").asText("Normal"))
                .put("reason", event.path("reason").asText(""))
                .put("message", event.path("message").asText(event.path("note").asText("")))
                .put(
                        "count",
                        Math.max(
                                1,
                                event.path("count")
                                        .asInt(event.path("series")
                                                .path("count")
                                                .asInt(1))))
                .put(
                        "source",
                        reporter.isEmpty()
                                ? event.path("source").path("component").asText("")
                                : reporter);
        ObjectAnswers.millis(event.path("firstTimestamp")
                        .asText(event.path("eventTime").asText("")))
                .ifPresent(first -> node.put("first", first));
        ObjectAnswers.millis(event.path("lastTimestamp")
                        .asText(event.path("eventTime").asText("")))
                .ifPresent(last -> node.put("last", last));
        node.putObject("object")
                .put("kind", about.path("kind").asText(""))
                .put("namespace", about.path("namespace").asText(""))
                .put("name", about.path("name").asText(""));
        return node;
    }
}
