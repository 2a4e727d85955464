/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.cluster.Gaps;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.cluster.StoredForm;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.JsonScanner;
import dev.traversion.rewind.selector.LabelSelector;
import dev.traversion.rewind.selector.SelectorException;
import dev.traversion.rewind.table.Column;
import dev.traversion.rewind.table.TablePrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** Rows of one kind at a moment, as {@code kubectl get} prints them: those that are named, or a page. */
final class Rows {

    private static final int MOST_NAMED = 500;
    private static final int USUAL = 500;
    private static final int MOST = 5000;
    private static final byte[][] CREATED = JsonScanner.path("metadata", "creationTimestamp");
    private static final byte[][] LABELS = JsonScanner.path("metadata", "labels");

    private final Question question;
    private final long time;
    private final ResourceType type;
    private final Permitted permitted;
    private final TablePrinter printer;
    private final String kind;
    private final Body body = new Body();
    private final Instant now;

    private Rows(Question question) throws IOException {
        this.question = question;
        time = question.time("t");
        type = question.type(time);
        permitted = question.permitted(List.of(type), true, time, time);
        now = Moment.instant(time);
        ServedCluster cluster = question.cluster();
        Optional<StoredForm> stored = StoredForm.of(permitted.history(), type, time);
        ServedResource resource = served(cluster, stored);
        printer = view().tablePrinter(resource, cluster.definition(type, time));
        kind = resource.kind();
    }

    private View view() {
        return question.cluster()
                .at(new Moment.Fixed(Math.min(time, question.cluster().history().end())));
    }

    /** The resource in the version in which it is recorded: nothing has to be converted then. */
    private ServedResource served(ServedCluster cluster, Optional<StoredForm> stored) throws IOException {
        List<ServedResource> versions = cluster.discovery().at(time).versionsOf(type);
        for (ServedResource version : versions) {
            if (stored.isEmpty() || version.apiVersion().equals(stored.get().apiVersion())) {
                return version;
            }
        }
        if (versions.isEmpty()) {
            throw StatusFailure.notServed(type + " was not served by the cluster at this time");
        }
        return versions.getFirst();
    }

    static void answer(Question question) throws IOException {
        new Rows(question).answer();
    }

    private void answer() throws IOException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("t", Millis.observed(time)).put("resource", type.toString()).put("kind", kind);
        ArrayNode columns = answer.putArray("columns");
        for (Column column : printer.columns()) {
            columns.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("priority", column.priority());
        }
        ArrayNode rows = answer.putArray("rows");
        String names = question.text("names");
        if (names.isEmpty()) {
            page(rows).ifPresent(next -> answer.put("next", next));
        } else {
            named(names.split(","), rows);
        }
        answer.put(
                "warning",
                Gaps.warning(question.cluster().history(), type, question.text("namespace"), time)
                        .orElse(""));
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, question.isSettled(time));
    }

    private void named(String[] names, ArrayNode rows) throws IOException {
        if (names.length > MOST_NAMED) {
            throw StatusFailure.badRequest(
                    "names: these are " + names.length + ", and " + MOST_NAMED + " are the most at a time");
        }
        for (String name : names) {
            Optional<ObjectVersion> version = permitted.history().get(key(name), time);
            if (version.isPresent()) {
                rows.add(row(version.get()));
            } else {
                rows.addNull();
            }
        }
    }

    private ObjectKey key(String path) {
        int slash = path.indexOf('/');
        return new ObjectKey(type, slash < 0 ? "" : path.substring(0, slash), path.substring(slash + 1));
    }

    private Optional<String> page(ArrayNode rows) throws IOException {
        int limit = question.number("limit", USUAL, MOST);
        LabelSelector selector = selector();
        String after = question.text("after");
        String[] last = {""};
        boolean[] more = {false};
        permitted
                .history()
                .list(type, question.text("namespace"), after.isEmpty() ? null : key(after), time, version -> {
                    body.read(version, false);
                    if (!selector.matches(body.bytes())) {
                        return true;
                    }
                    if (rows.size() == limit) {
                        more[0] = true;
                        return false;
                    }
                    rows.add(row(version));
                    last[0] = version.key().path();
                    return true;
                });
        return more[0] ? Optional.of(last[0]) : Optional.empty();
    }

    private LabelSelector selector() {
        try {
            return LabelSelector.parse(question.text("labelSelector"));
        } catch (SelectorException e) {
            throw StatusFailure.badRequest("labelSelector: " + e.getMessage());
        }
    }

    private ObjectNode row(ObjectVersion version) throws IOException {
        body.read(version, false);
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("namespace", version.key().namespace())
                .put("name", version.key().name())
                .put("uid", version.uid())
                .put("resourceVersion", version.resourceVersion());
        created(body).ifPresent(created -> row.put("created", created));
        row.put("since", Millis.observed(version.observedAt())).put("health", Health.of(type, body));
        int labels = JsonScanner.find(body.bytes(), 0, LABELS);
        if (labels < 0) {
            row.putObject("labels");
        } else {
            // As they stand in the body: to read them only to write them again takes a good part of the time of a row.
            int length = JsonScanner.end(body.bytes(), labels) - labels;
            row.putRawValue("labels", new RawValue(new String(body.bytes(), labels, length, StandardCharsets.UTF_8)));
        }
        ArrayNode cells = row.putArray("cells");
        for (Object cell : printer.cells(printer.read(body.bytes(), body.length()), now)) {
            cells.addPOJO(cell);
        }
        return row;
    }

    /** When it was created, ms. */
    static Optional<Long> created(Body body) {
        String text = body.text(CREATED);
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Instant.parse(text).toEpochMilli());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
