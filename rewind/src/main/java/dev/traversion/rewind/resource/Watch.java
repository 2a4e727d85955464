/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.cluster.Pace;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.Representation;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.output.ObjectWriter;
import dev.traversion.rewind.output.ResourceForm;
import dev.traversion.rewind.output.TableWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A watch. At a fixed moment: the state, or the changes since a version, and then nothing until it times out. At {@code now} it
 * goes on with what is recorded, and in a film with what comes, when it comes. It reads from the recording as fast as its client
 * does, so a slow client costs no memory.
 */
final class Watch {

    private static final long BOOKMARK_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LAST_BOOKMARK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PRESENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int DEFAULT_TIMEOUT_SECONDS = 1800;

    private final Exchange exchange;
    private final View view;
    private final History history;
    private final ServedResource resource;
    private final ResourceType stored;
    private final String namespace;
    private final Selection selection;
    private final ListOptions options;
    private final ResourceForm form;
    private final Optional<JsonNode> definition;

    private OutputStream out;
    private ObjectWriter objects;
    private Pace.Viewing viewing;

    /** When it began, when it is to end and when the next bookmark is due, in the time of {@link System#nanoTime()}. */
    private final long started = System.nanoTime();

    private final long timeout;
    private long nextBookmark;
    private volatile boolean hungUp;

    /** The instant up to which everything is delivered, ns. */
    private long position;

    private String version = "0";

    /** The version the client has seen already; empty if it began with the state. */
    private String since = "";

    Watch(
            Exchange exchange,
            View view,
            ServedResource resource,
            ResourceType stored,
            String namespace,
            Selection selection,
            ListOptions options,
            ResourceForm form,
            Optional<JsonNode> definition) {
        this.exchange = exchange;
        this.view = view;
        this.history = view.history();
        this.resource = resource;
        this.stored = stored;
        this.namespace = namespace;
        this.selection = selection;
        this.options = options;
        this.form = form;
        this.definition = definition;
        this.timeout = TimeUnit.SECONDS.toNanos(
                options.timeoutSeconds() > 0
                        ? options.timeoutSeconds()
                        : DEFAULT_TIMEOUT_SECONDS + ThreadLocalRandom.current().nextInt(DEFAULT_TIMEOUT_SECONDS));
        this.nextBookmark = options.bookmarks() ? bookmarkAfter(0) : Long.MAX_VALUE;
    }

    void run() throws IOException {
        if (exchange.header("Upgrade").equalsIgnoreCase("websocket")) {
            // As kubectl proxy does: who gets this instead of a WebSocket goes on with a plain request. Errors would be
            // retried.
            exchange.setHeader("Connection", "close");
            exchange.send(200, "application/json", new byte[0]);
            return;
        }
        Representation representation = exchange.representation();
        if (representation.yaml()) {
            throw StatusFailure.notAcceptable(
                    "only the following media types are accepted: application/json;stream=watch");
        }
        if (!options.isAnyVersion()) {
            ListOptions.checkVersion(options.resourceVersion()).ifPresent(problem -> {
                throw StatusFailure.unreasoned(problem);
            });
        }
        position = view.settled(stored);
        String current = history.resourceVersion(stored, view.moving() ? Long.MAX_VALUE : view.time());
        version = current.isEmpty() ? "0" : current;
        long state = position;
        boolean initial = options.isAnyVersion() || options.sendInitialEvents();
        try {
            if (!initial) {
                since = options.resourceVersion();
                position = Math.min(position, start(current));
            } else if (!options.isAnyVersion() && ResourceVersions.compare(options.resourceVersion(), version) > 0) {
                throw StatusFailure.tooLargeVersion(options.resourceVersion(), version);
            }
        } catch (StatusFailure failure) {
            refuse(failure);
            return;
        }
        try (Pace.Viewing begun = view.pace().begin(seen())) {
            viewing = begun;
            exchange.onHangUp(() -> {
                hungUp = true;
                begun.leave();
            });
            deliver(representation, initial, state);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As from the API server, a watch whose options can be read fails with an event, and not with the status of the answer. */
    private void refuse(StatusFailure failure) throws IOException {
        out = exchange.open(200, "application/json");
        print("{\"type\":\"ERROR\",\"object\":");
        out.write(failure.body());
        print("}\n");
        out.close();
    }

    private void deliver(Representation representation, boolean initial, long state)
            throws IOException, InterruptedException {
        // Closed only when the watch ended as it should: a broken connection tells the client of anything else.
        out = exchange.open(200, "application/json");
        objects = switch (representation.shape()) {
            case TABLE ->
                ObjectWriter.table(new TableWriter(
                        view.tablePrinter(resource, definition), form, Answer.include(exchange), this::now, out));
            case METADATA, METADATA_LIST -> ObjectWriter.metadata(form, out);
            case OBJECTS -> ObjectWriter.whole(form, out);
        };
        out.flush();
        if (initial) {
            initialState(state);
        }
        follow();
        out.close();
    }

    /** The instant up to which the client has seen everything, ns. */
    private long seen() throws IOException {
        long[] seen = {Math.min(position, view.time())};
        if (!since.isEmpty() && !view.moving()) {
            history.changes(stored, "", seen[0], view.pace().end(), change -> {
                boolean known = ResourceVersions.compare(change.resourceVersion(), since) <= 0;
                seen[0] = known ? change.observedAt() : seen[0];
                return known;
            });
        }
        return seen[0];
    }

    /** Ages in Tables are counted to the instant that is shown. */
    private Instant now() {
        return Moment.instant(viewing.now());
    }

    /** The instant after which the changes since the client's version come; the newest if it has them all. */
    private long start(String current) {
        if (ResourceVersions.compare(since, current) >= 0) {
            return Long.MAX_VALUE;
        }
        return history.timeOf(stored, since)
                .orElseThrow(() -> StatusFailure.expired(
                        "too old resource version: " + since + ": the recording does not reach back to it"));
    }

    private void initialState(long state) throws IOException {
        history.list(stored, namespace, null, state, object -> {
            if (selection.matches(object)) {
                event("ADDED", object);
            }
            return true;
        });
        if (options.sendInitialEvents() && options.bookmarks()) {
            bookmark(true);
        }
        out.flush();
    }

    private void follow() throws IOException, InterruptedException {
        boolean goesOn = true;
        while (goesOn) {
            long end = history.end();
            goesOn = changes(view.pace().end()) && keepsOn();
            if (goesOn) {
                view.cluster().follower().await(view.moving() ? end : Long.MAX_VALUE, due());
            }
        }
    }

    /** Sends what is due, and tells whether the watch has not come to its end. */
    private boolean keepsOn() throws IOException {
        long elapsed = System.nanoTime() - started;
        if (elapsed >= nextBookmark) {
            bookmark(false);
            nextBookmark = bookmarkAfter(elapsed);
        }
        out.flush();
        return elapsed < timeout
                && !hungUp
                && exchange.visitor().isStillPermitted()
                && !view.cluster().follower().isClosed();
    }

    /** When to look again whether something is due, and whether the client is still there. */
    private long due() {
        return Math.min(started + Math.min(timeout, nextBookmark), System.nanoTime() + PRESENCE_NANOS);
    }

    /** When the next bookmark is due, after so long a watch: every minute, and shortly before the end. */
    private long bookmarkAfter(long elapsed) {
        long last = timeout - LAST_BOOKMARK_NANOS;
        return last <= elapsed ? Long.MAX_VALUE : Math.min(elapsed + BOOKMARK_NANOS, last);
    }

    /**
     * Delivers what happened after {@link #position}. The whole type is read so that the position moves with it.
     *
     * @return whether the watch has not come to its end
     */
    private boolean changes(long to) throws IOException {
        if (position >= to) {
            return true;
        }
        boolean[] goesOn = {true};
        history.changes(stored, "", position, to, change -> {
            boolean known = !since.isEmpty() && ResourceVersions.compare(change.resourceVersion(), since) <= 0;
            goesOn[0] = known || awaits(change.observedAt());
            if (!goesOn[0]) {
                return false;
            }
            position = change.observedAt();
            if (isNewer(change.resourceVersion())) {
                version = change.resourceVersion();
            }
            if (!known && (namespace.isEmpty() || change.key().namespace().equals(namespace))) {
                change(change);
            }
            return true;
        });
        return goesOn[0];
    }

    /** Waits until a change may be shown; false if the watch ends before. */
    private boolean awaits(long instant) throws IOException {
        try {
            if (viewing.await(instant, System.nanoTime())) {
                return true;
            }
            while (keepsOn()) {
                if (viewing.await(instant, due())) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private boolean isNewer(String candidate) {
        return !ResourceVersions.isNumeric(version) || ResourceVersions.compare(candidate, version) > 0;
    }

    private void change(ObjectVersion change) throws IOException {
        boolean deleted = change.operation() == Operation.DELETED;
        if (selection.isEverything() && change.bodyLength() > 0) {
            event(change.operation().name(), change);
            return;
        }
        Optional<ObjectVersion> before = history.get(change.key(), change.observedAt() - 1);
        boolean matchedBefore = before.isPresent() && selection.matches(before.get());
        boolean matchesNow = !deleted && selection.matches(change);
        if (matchesNow) {
            event(matchedBefore ? "MODIFIED" : "ADDED", change);
        } else if (matchedBefore) {
            // It went out of sight: the client gets the last state that it could see, with the version of the change.
            boolean whole = deleted && change.bodyLength() > 0;
            event(
                    "DELETED",
                    whole ? change : RewrittenVersion.of(before.get(), change.resourceVersion(), change.observedAt()));
        }
    }

    private void event(String type, ObjectVersion object) throws IOException {
        print("{\"type\":\"" + type + "\",\"object\":");
        objects.write(object);
        print("}\n");
    }

    private void bookmark(boolean endOfInitialEvents) throws IOException {
        event("BOOKMARK", RewrittenVersion.bookmark(stored, form.stored(), version, endOfInitialEvents));
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
