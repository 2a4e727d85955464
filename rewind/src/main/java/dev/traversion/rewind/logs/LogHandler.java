/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.cluster.Pace;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.http.ApiPath;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Answers {@code pods/log} at a moment. Used for one request. */
public final class LogHandler {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final String TEXT = "text/plain";
    private static final long POLL_NANOS = 2_000_000_000L;

    /** How far the clocks of nodes may be apart. */
    private static final long CLOCKS = 60_000_000_000L;

    private final Exchange exchange;
    private final View view;
    private final ApiPath path;
    private volatile boolean hungUp;
    private OutputStream out;
    private long left;

    /** @param view as far as it may be read */
    public LogHandler(Exchange exchange, View view, ApiPath path) {
        this.exchange = exchange;
        this.view = view;
        this.path = path;
    }

    /** Whether a path is that of a log. */
    public static boolean isLog(ApiPath path) {
        return path.group().isEmpty()
                && path.resource().equals(PODS.resource())
                && path.subresource().equals("log")
                && !path.namespace().isEmpty();
    }

    public void handle() throws IOException {
        ObjectVersion version = view.history()
                .get(new ObjectKey(PODS, path.namespace(), path.name()), view.time())
                .orElseThrow(() -> StatusFailure.notFound(PODS, path.name()));
        JsonNode pod = GoJson.read(version.body());
        LogOptions options = LogOptions.of(exchange, path.name(), view.time());
        String container = LoggedContainer.name(pod, options.container());
        if (pod.path("spec").path("nodeName").asText().isEmpty()) {
            // As the API server answers for a pod that is on no node yet.
            exchange.send(200, TEXT, new byte[0]);
            return;
        }
        LoggedContainer start = LoggedContainer.of(pod, container, options.previous());
        RecordedLog.Source source = new RecordedLog.Source(
                pod.path("metadata").path("uid").asText(), container, start.restart(), options.stream());
        // The lines at the end are counted before those from some time on are chosen: so does the kubelet.
        RecordedLog log = RecordedLog.read(
                view.history().nodes(), source, created(pod) - CLOCKS, view.time(), options.tailLines());
        if (!log.isFollowed()) {
            throw StatusFailure.notServed(notRecorded(start));
        }
        if (log.isCut()) {
            exchange.warn(
                    "traversion: the beginning of this log is left out, since it is long: ask with --tail or --since");
        }
        warnOfGaps(pod, container);
        left = options.limitBytes() < 0 ? Long.MAX_VALUE : options.limitBytes();
        send(log.lines(), source, options);
    }

    private String notRecorded(LoggedContainer start) throws IOException {
        String log = "the log of container \"" + start.name() + "\" in pod \"" + path.name() + "\" (start "
                + (start.restart() + 1) + ") was not recorded by " + Moment.format(view.time()) + ": ";
        if (view.history().nodes().nodes().isEmpty()) {
            return log + "no agent has recorded the cluster's nodes; see kubectl traversion record --node --logs";
        }
        return log + "no agent on its node was told to record the logs of namespace " + path.namespace();
    }

    private void warnOfGaps(JsonNode pod, String container) throws IOException {
        String name = path.namespace() + "/" + path.name() + "/" + container + ": ";
        String node = pod.path("spec").path("nodeName").asText();
        List<NodeRow> gaps = view.history()
                .nodes()
                .rows(
                        LandingTable.GAPS,
                        created(pod),
                        view.time() + 1,
                        row -> row.text("kind").equals("logs")
                                && (row.text("reason").startsWith(name)
                                        || (row.node().equals(node) && isOfAll(row.text("reason")))));
        if (!gaps.isEmpty()) {
            String reason = gaps.getLast().text("reason");
            exchange.warn("traversion: of this log something is missing: "
                    + (reason.startsWith(name) ? reason.substring(name.length()) : reason));
        }
    }

    /** Nothing of a pod is older. */
    private long created(JsonNode pod) {
        String time = pod.path("metadata").path("creationTimestamp").asText();
        return Moment.parse(time) instanceof Moment.Fixed fixed
                ? fixed.nanos()
                : view.history().start();
    }

    /** Whether a gap is not of some one container. */
    private static boolean isOfAll(String reason) {
        return !reason.matches("[a-z0-9-]+/[^ :]+: .*") && !reason.startsWith("pod ");
    }

    private void send(List<LogLine> lines, RecordedLog.Source source, LogOptions options) throws IOException {
        if (!options.follow()) {
            out = exchange.open(200, TEXT);
            write(lines, options);
            out.close();
            return;
        }
        try (Pace.Viewing viewing = view.pace().begin(view.time())) {
            exchange.onHangUp(() -> {
                hungUp = true;
                viewing.leave();
            });
            out = exchange.open(200, TEXT);
            write(lines, options);
            out.flush();
            follow(lines.isEmpty() ? Long.MIN_VALUE : lines.getLast().order(), source, options, viewing);
            out.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<LogLine> lines, LogOptions options) throws IOException {
        for (LogLine line : lines) {
            if (line.logged() >= options.since() && left > 0) {
                byte[] bytes = line.bytes(options.timestamps());
                int length = (int) Math.min(left, bytes.length);
                out.write(bytes, 0, length);
                left -= length;
            }
        }
    }

    /** Goes on to the end of what is shown: that of a film, or never while the recording grows; a fixed moment is its own end. */
    private void follow(long after, RecordedLog.Source source, LogOptions options, Pace.Viewing viewing)
            throws IOException, InterruptedException {
        long last = after;
        long from = view.time();
        do {
            for (LogLine line : RecordedLog.read(
                            view.history().nodes(), source, from, view.pace().end(), -1)
                    .lines()) {
                if (line.order() <= last || (line.logged() <= view.time() && !view.moving())) {
                    continue;
                }
                while (!viewing.await(line.logged(), System.nanoTime() + POLL_NANOS)) {
                    if (!goesOn()) {
                        return;
                    }
                }
                write(List.of(line), options);
                out.flush();
                last = line.order();
                from = Math.max(from, line.logged() - POLL_NANOS);
            }
            if (view.moving()) {
                Thread.sleep(POLL_NANOS / 1_000_000);
            }
        } while (view.moving() && goesOn());
    }

    private boolean goesOn() {
        return !hungUp && left > 0 && exchange.visitor().isStillPermitted();
    }
}
