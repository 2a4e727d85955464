/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.diff.FieldDiff;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.cluster.Gaps;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.GoJson;
import dev.traversion.rewind.json.YamlOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** One object: as it was, and each of its versions. */
final class ObjectAnswers {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int USUAL_VERSIONS = 1000;
    private static final int MOST_VERSIONS = 10_000;

    private ObjectAnswers() {}

    static void object(Question question) throws IOException {
        long time = question.time("t");
        ResourceType type = question.type(time);
        ObjectKey key = new ObjectKey(type, question.text("namespace"), question.required("name"));
        History history = Permitted.object(question.exchange(), question.at(time), type, key.namespace(), key.name());
        Optional<ObjectVersion> version = history.get(key, time);
        ObjectNode answer = JSON.objectNode();
        answer.put("t", Millis.observed(time)).put("exists", version.isPresent());
        answer.put("resource", type.toString())
                .put("namespace", key.namespace())
                .put("name", key.name());
        if (version.isPresent()) {
            describe(question, new Overview.Kinds(question.cluster(), time), version.get(), answer);
        } else {
            neighbours(history, key, time, answer);
        }
        answer.put(
                "warning",
                Gaps.warning(question.cluster().history(), type, key.namespace(), time)
                        .orElse(""));
        Answers.json(question.exchange(), answer, question.isSettled(time));
    }

    private static void describe(Question question, Overview.Kinds kinds, ObjectVersion version, ObjectNode answer)
            throws IOException {
        boolean isManaged = question.isTrue("managedFields");
        Body body = new Body().read(version, isManaged);
        JsonNode object = GoJson.read(body.copy());
        JsonNode metadata = object.path("metadata");
        answer.put("apiVersion", object.path("apiVersion").asText())
                .put("kind", version.kind())
                .put("uid", version.uid())
                .put("resourceVersion", version.resourceVersion())
                .put("since", Millis.observed(version.observedAt()));
        // What comes after the recording's end is not known, and after the moment it is the future.
        if (version.validTo() == Long.MAX_VALUE) {
            answer.putNull("until");
        } else {
            answer.put("until", Millis.observed(version.validTo()));
        }
        Rows.created(body).ifPresent(created -> answer.put("created", created));
        answer.put("manager", version.fieldManager())
                .put("health", Health.of(version.key().type(), body));
        answer.put("managedFields", isManaged);
        ArrayNode conditions = answer.putArray("conditions");
        for (JsonNode each : object.path("status").path("conditions")) {
            ObjectNode condition = conditions
                    .addObject()
                    .put("type", each.path("type").asText())
                    .put("status", each.path("status").asText())
                    .put("reason", each.path("reason").asText(""))
                    .put("message", each.path("message").asText(""));
            millis(each.path("lastTransitionTime").asText("")).ifPresent(at -> condition.put("at", at));
        }
        ArrayNode owners = answer.putArray("owners");
        for (JsonNode each : metadata.path("ownerReferences")) {
            ResourceType owner = kinds.type(group(each), each.path("kind").asText());
            owners.addObject()
                    .put("resource", owner == null ? "" : owner.toString())
                    .put("kind", each.path("kind").asText())
                    .put("namespace", version.key().namespace())
                    .put("name", each.path("name").asText())
                    .put("uid", each.path("uid").asText())
                    .put("controller", each.path("controller").asBoolean());
        }
        if (question.text("format").equals("json")) {
            answer.set("json", object);
        } else {
            answer.put("yaml", yaml(body.copy()));
        }
    }

    /** The group of something with an {@code apiVersion}. */
    static String group(JsonNode reference) {
        String version = reference.path("apiVersion").asText("");
        int slash = version.indexOf('/');
        return slash < 0 ? "" : version.substring(0, slash);
    }

    /** When it was there, before and after a moment at which it was not. */
    private static void neighbours(History history, ObjectKey key, long time, ObjectNode answer) throws IOException {
        long[] before = {Long.MIN_VALUE};
        long[] after = {Long.MAX_VALUE};
        history.versions(key, history.start(), history.end(), version -> {
            if (version.observedAt() <= time) {
                before[0] = version.operation() == Operation.DELETED ? version.observedAt() - 1 : version.observedAt();
            } else if (version.operation() != Operation.DELETED) {
                after[0] = version.observedAt();
                return false;
            }
            return true;
        });
        if (before[0] == Long.MIN_VALUE) {
            answer.putNull("before");
        } else {
            answer.put("before", Math.floorDiv(before[0], 1_000_000));
        }
        if (after[0] == Long.MAX_VALUE) {
            answer.putNull("after");
        } else {
            answer.put("after", Millis.observed(after[0]));
        }
    }

    /** An object in compact JSON as YAML. */
    static String yaml(byte[] json) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (YamlOutput yaml = new YamlOutput(out)) {
            yaml.write(json);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    static Optional<Long> millis(String time) {
        try {
            return time.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Instant.parse(time).toEpochMilli());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static void history(Question question) throws IOException {
        Question.Stretch stretch = question.stretch();
        ResourceType type = question.type(stretch.to());
        ObjectKey key = new ObjectKey(type, question.text("namespace"), question.required("name"));
        int limit = question.number("limit", USUAL_VERSIONS, MOST_VERSIONS);
        // The permission opens the versions of today's namespace, wherever the stretch begins.
        Past past = question.at(stretch.to());
        History history = Permitted.object(question.exchange(), past, type, key.namespace(), key.name());
        Deque<ObjectNode> latest = new ArrayDeque<>();
        long[] count = {0};
        Body body = new Body();
        JsonNode[] previous = {
            stretch.from() > history.start()
                    ? history.get(key, stretch.from() - 1)
                            .map(version -> GoJson.read(version.body()))
                            .orElse(null)
                    : null
        };
        history.versions(key, stretch.from(), stretch.to(), version -> {
            count[0]++;
            latest.addLast(version(version, body, previous));
            if (latest.size() > limit) {
                latest.removeFirst();
            }
            return true;
        });
        ObjectNode answer = JSON.objectNode();
        latest.forEach(answer.putArray("versions")::add);
        answer.put("omitted", count[0] - latest.size());
        Answers.json(question.exchange(), answer, question.isSettled(stretch.to()));
    }

    private static ObjectNode version(ObjectVersion version, Body body, JsonNode[] previous) throws IOException {
        boolean isGone = version.operation() == Operation.DELETED;
        ObjectNode node = JSON.objectNode()
                .put("at", Millis.observed(version.observedAt()))
                .put("verb", isGone ? "deleted" : version.operation() == Operation.ADDED ? "added" : "modified")
                .put("resourceVersion", version.resourceVersion())
                .put("uid", version.uid())
                .put("manager", version.fieldManager());
        if (isGone) {
            previous[0] = null;
            return node.put("health", Health.ABSENT & 0xFF);
        }
        node.put("health", Health.of(version.key().type(), body.read(version, false)));
        JsonNode now = GoJson.read(version.body());
        if (previous[0] != null) {
            ArrayNode fields = node.putArray("fields");
            FieldDiff.between(previous[0], now).fields().forEach(change -> fields.add(field(change)));
        }
        previous[0] = now;
        return node;
    }

    /** {@code path, before, after} and, as far as it is known, {@code manager, operation, managedAt}. */
    static ObjectNode field(FieldChange change) {
        ObjectNode field = JSON.objectNode().put("path", change.path().toString());
        if (change.before() != null) {
            field.set("before", change.before());
        }
        if (change.after() != null) {
            field.set("after", change.after());
        }
        if (change.owner() != null) {
            field.put("manager", change.owner().manager())
                    .put("operation", change.owner().operation())
                    .put("managedAt", change.owner().time());
        }
        return field;
    }
}
