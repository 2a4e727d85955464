/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.recording;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.status.StatusDocument;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.reads.ReadRecord;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.verify.VerifyDocument;
import dev.traversion.archive.verify.VerifyReport;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * What is told of a recording itself. {@code status}: how completely it is being made, of the last {@code seconds}. {@code reads}: who read
 * what between {@code since} and {@code until}, narrowed by {@code user} and {@code resource}, a JSON object a line, the last with
 * {@code damages}. {@code pins}: what retention keeps. {@code check}: the whole recording is read, a JSON object a line: what is being
 * {@code reading}, and last the {@code report}. {@code files}: see {@link FilesApi}. {@code export/<from>/<to>}: all of a stretch, in one
 * file.
 */
public final class RecordingApi {

    /** What the audit is to the authorizer; it exists nowhere else. */
    private static final ResourceType READS = new ResourceType("traversion.dev", "reads");

    private static final ResourceType PINS = new ResourceType("traversion.dev", "pins");

    /** Whether the recording is what was written. */
    private static final ResourceType CHECKS = new ResourceType("traversion.dev", "checks");

    static final ResourceType EVERYTHING = new ResourceType("*", "*");
    private static final long TELL_NANOS = Duration.ofMillis(500).toNanos();
    private static final long HOUR_SECONDS = 3600;
    private static final String LINES = "application/x-ndjson";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Each takes room on this disk for as long as it lasts. */
    private final Semaphore exporting = new Semaphore(1);

    /** Each reads all there is. */
    private final Semaphore checking = new Semaphore(1);

    /** @param path what is asked, and what is below */
    public void handle(ServedCluster cluster, Exchange exchange, List<String> path) throws IOException {
        if (!exchange.method().equals("GET")) {
            throw StatusFailure.methodNotAllowed("the past is only to be read, with GET");
        }
        cluster.follower().refresh();
        if (path.equals(List.of("status"))) {
            status(cluster.history(), exchange);
        } else if (path.equals(List.of("reads"))) {
            reads(cluster.history(), exchange);
        } else if (path.equals(List.of("pins"))) {
            pins(cluster.history(), exchange);
        } else if (path.equals(List.of("check"))) {
            check(cluster.history(), exchange);
        } else if (path.getFirst().equals("files")) {
            FilesApi.handle(cluster.history(), exchange, path.subList(1, path.size()));
        } else if (path.size() == 3 && path.getFirst().equals("export")) {
            export(cluster, exchange, path.get(1), path.get(2));
        } else {
            throw StatusFailure.notServed("there are status, reads, pins, check, files and export/<from>/<to>");
        }
    }

    private static Past whole(History history) {
        return new Past(history, history.start(), history.end());
    }

    private static void pins(History history, Exchange exchange) throws IOException {
        exchange.permit(all(whole(history), PINS));
        ArrayNode pins = JsonNodeFactory.instance.arrayNode();
        for (Pin pin : history.files().pins()) {
            pins.addObject()
                    .put("name", pin.name())
                    .put("from", Moment.format(pin.from()))
                    .put("to", Moment.format(pin.to()))
                    .put("hold", pin.hold())
                    .put("reason", pin.reason())
                    .put("created", pin.created());
        }
        ApiHandler.send(exchange, JsonNodeFactory.instance.objectNode().set("pins", pins));
    }

    private void check(History history, Exchange exchange) throws IOException {
        exchange.permit(new Read.Objects(whole(history), "get", CHECKS, "", "", ""));
        if (!checking.tryAcquire()) {
            throw StatusFailure.unavailable("the recording is being checked for somebody; try again when that is done");
        }
        try {
            OutputStream out = exchange.open(200, LINES);
            long[] told = {System.nanoTime() - TELL_NANOS};
            VerifyReport report = history.files().verify(path -> {
                if (System.nanoTime() - told[0] >= TELL_NANOS) {
                    told[0] = System.nanoTime();
                    tell(out, path);
                }
            });
            ObjectNode end = JsonNodeFactory.instance.objectNode();
            end.set("report", VerifyDocument.of(history.clusterId(), report));
            line(out, end.toString());
            out.close();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            checking.release();
        }
    }

    /** So that who waits sees how far it is, and nobody on the way takes the connection for a dead one. */
    private static void tell(OutputStream out, String path) {
        try {
            line(out, JsonNodeFactory.instance.objectNode().put("reading", path).toString());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Read.Objects all(Past past, ResourceType type) {
        return new Read.Objects(past, "list", type, "", "", "");
    }

    /** For all who may see which resources there are; when those last changed is for those who may list all of them. */
    private static void status(History history, Exchange exchange) throws IOException {
        Past now = Past.at(history, history.end());
        exchange.permit(new Read.Document(now, "/apis"));
        Duration back = Duration.ofSeconds(seconds(exchange.query("seconds")));
        ObjectNode status = StatusDocument.of(history, history.end() - back.toNanos());
        if (!exchange.visitor().mayRead(all(now, EVERYTHING))) {
            StatusDocument.withhold(status);
        }
        ApiHandler.send(exchange, status);
    }

    private static long seconds(String text) {
        if (text.isEmpty()) {
            return HOUR_SECONDS;
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw StatusFailure.badRequest("seconds: \"" + text + "\" is no number of seconds from 1 to 999999999");
        }
        return Long.parseLong(text);
    }

    private static void reads(History history, Exchange exchange) throws IOException {
        Instant since = instant(exchange, "since", Instant.MIN);
        Instant until = instant(exchange, "until", Instant.MAX);
        exchange.permit(all(whole(history), READS));
        List<String> damages = new ArrayList<>();
        String user = exchange.query("user");
        String resource = exchange.query("resource");
        OutputStream out = exchange.open(200, LINES);
        List<ReadRecord> wanted = new ArrayList<>();
        history.files()
                .audit(
                        record -> {
                            if (record.isOf(since, until, user, resource)) {
                                wanted.add(record);
                            }
                        },
                        damages::add);
        for (ReadRecord record : wanted) {
            line(out, JSON.writeValueAsString(record));
        }
        ObjectNode end = JsonNodeFactory.instance.objectNode();
        damages.forEach(end.putArray("damages")::add);
        line(out, end.toString());
        out.close();
    }

    private static Instant instant(Exchange exchange, String name, Instant otherwise) {
        String text = exchange.query(name);
        try {
            return text.isEmpty() ? otherwise : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw StatusFailure.badRequest(name + ": \"" + text + "\" is no time such as 2026-01-31T14:03:22Z");
        }
    }

    private static void line(OutputStream out, String json) throws IOException {
        out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** For those who may list everything, Secrets included: nothing is left out of it. */
    private void export(ServedCluster cluster, Exchange exchange, String from, String to) throws IOException {
        long begin = time(cluster, from);
        long end = time(cluster, to);
        if (end <= begin) {
            throw StatusFailure.badRequest(from + " is not before " + to + ": give the earlier one first");
        }
        History history = exchange.permit(all(new Past(cluster.history(), begin, end), EVERYTHING))
                .of(cluster.history());
        if (!exporting.tryAcquire()) {
            throw StatusFailure.unavailable("another export is being made; try again when it is done");
        }
        try (ExportedFile file = new ExportedFile(history, begin, end)) {
            exchange.setHeader("Traversion-Versions", Long.toString(file.versions()));
            file.send(exchange.open(200, "application/vnd.traversion.recording"));
        } catch (TraversionException e) {
            throw StatusFailure.unavailable(e.getMessage());
        } finally {
            exporting.release();
        }
    }

    private static long time(ServedCluster cluster, String text) {
        try {
            return cluster.at(Moment.parse(text)).time();
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
    }
}
