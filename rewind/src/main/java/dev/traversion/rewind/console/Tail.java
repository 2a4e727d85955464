/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.http.Problem;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tells of changes as they are recorded, as Server-Sent Events, for as long as somebody listens and may. */
final class Tail {

    private static final int MOST = 1000;
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REVIEW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Question question;
    private final Body body = new Body();
    private final Map<ResourceType, Long> told = new HashMap<>();
    private long from;

    private record Told(long at, ObjectNode change) {}

    private Tail(Question question) {
        this.question = question;
    }

    static void answer(Question question) throws IOException {
        new Tail(question).run();
    }

    private void run() throws IOException {
        History whole = question.cluster().history();
        String last = question.exchange().header("Last-Event-ID");
        from = last.matches("\\d{1,14}")
                ? Math.min(Millis.nanos(Long.parseLong(last)), whole.end())
                : question.time("from");
        Permitted permitted = question.permitted(types(whole), question.namesTypes(), from, whole.end());
        question.exchange().setHeader("Cache-Control", "no-store");
        question.exchange().setHeader("X-Accel-Buffering", "no");
        long reviewed = System.nanoTime();
        try (OutputStream out = question.exchange().open(200, "text/event-stream")) {
            while (!question.cluster().follower().isClosed()) {
                long seen = whole.end();
                tell(permitted.history(), out);
                ObjectNode end = JsonNodeFactory.instance
                        .objectNode()
                        .put("end", Millis.observed(seen))
                        .put("live", whole.live())
                        .put("now", System.currentTimeMillis());
                send(out, "end", Long.MIN_VALUE, end);
                out.flush();
                if (System.nanoTime() - reviewed > REVIEW_NANOS) {
                    reviewed = System.nanoTime();
                    if (!question.exchange().visitor().isStillPermitted()) {
                        StatusFailure refusal = StatusFailure.forbidden("you may no longer read this recording");
                        send(out, "problem", Long.MIN_VALUE, Problem.of(refusal));
                        return;
                    }
                }
                question.cluster().follower().await(seen, System.nanoTime() + BEAT_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ResourceType> types(History history) {
        if (question.namesTypes()) {
            return question.types(history.end());
        }
        List<ResourceType> types = new ArrayList<>(history.types(history.end()));
        types.removeIf(type -> Question.QUIET.contains(type) && !type.resource().equals("events"));
        return types;
    }

    /** Each type has an end of its own: types are not heard of at the same time. */
    private void tell(History history, OutputStream out) throws IOException {
        List<Told> changes = new ArrayList<>();
        List<ResourceType> types = types(history);
        types.retainAll(history.types(history.end()));
        for (ResourceType type : types) {
            history.changes(
                    type, question.text("namespace"), told.getOrDefault(type, from), Long.MAX_VALUE, version -> {
                        boolean isGone = version.operation() == Operation.DELETED;
                        byte health = isGone ? Health.ABSENT : Health.of(type, body.read(version, false));
                        told.put(type, version.observedAt());
                        ObjectNode change = JsonNodeFactory.instance
                                .objectNode()
                                .put("at", Millis.observed(version.observedAt()))
                                .put("resource", type.toString())
                                .put("namespace", version.key().namespace())
                                .put("name", version.key().name())
                                .put("verb", VersionIndex.verb(version))
                                .put("health", health & 0xFF)
                                .put("manager", version.fieldManager());
                        changes.add(new Told(version.observedAt(), change));
                        return true;
                    });
        }
        changes.sort(Comparator.comparingLong(Told::at));
        for (int i = 0; i < changes.size(); i += MOST) {
            List<Told> some = changes.subList(i, Math.min(changes.size(), i + MOST));
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            some.forEach(change -> data.add(change.change()));
            send(out, "change", Math.floorDiv(some.getLast().at(), 1_000_000), data);
        }
    }

    private static void send(OutputStream out, String event, long id, Object data) throws IOException {
        String head = "event: " + event + "\n" + (id == Long.MIN_VALUE ? "" : "id: " + id + "\n") + "data: ";
        out.write(head.getBytes(StandardCharsets.UTF_8));
        out.write(GoJson.bytes(data));
        out.write("\n\n".getBytes(StandardCharsets.UTF_8));
    }
}
