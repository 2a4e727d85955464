/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.record.ClusterAccess;
import dev.traversion.kubectl.record.Progress;
import dev.traversion.kubectl.record.ProgressView;
import dev.traversion.kubectl.record.Target;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.terminal.Signals;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import dev.traversion.snapshotter.Snapshotter;
import dev.traversion.snapshotter.masking.Masking;
import dev.traversion.snapshotter.masking.MaskingKey;
import dev.traversion.snapshotter.masking.MaskingRules;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubectl traversion record --to LOCATION}. */
@Command(
        name = "record",
        sortOptions = false,
        description = {
            "Record every version of every object of a cluster, until Ctrl-C.",
            "",
            "Only get, list and watch are used. Secret values are replaced by tokens before anything is written. What may not be"
                    + " read is recorded as a gap, with the reason, and the rest goes on. Recording again to the same place goes on"
                    + " with the recording that is there.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion record --to ./prod",
            "  kubectl traversion record --to s3://recordings/prod --context prod",
            "  kubectl traversion record --to ./prod --duration 1h --metrics-port 9090",
            "",
            "S3 is reached as the AWS tools do: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL,",
            "or ~/.aws/credentials. The key of the tokens is in the plugin's state directory, never in the recording."
        })
final class RecordCommand extends Common implements Callable<Integer> {

    private static final long TERMINAL_MILLIS = 500;
    private static final int INTERRUPTED = 130;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            description = "Where to write the recording.")
    private String to;

    @Option(
            names = "--context",
            defaultValue = "",
            description = "The kubeconfig context. Without it: the current one.")
    private String context;

    @Option(names = "--kubeconfig", paramLabel = "FILE", defaultValue = "", description = "The kubeconfig.")
    private String kubeconfig;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            defaultValue = "",
            description = "End after so long, such as 10m.")
    private String duration;

    @Option(names = "--metrics-port", paramLabel = "PORT", description = "Serve Prometheus metrics there, on loopback.")
    private Integer metricsPort;

    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        Duration limit = duration.isEmpty() ? null : TimeParser.parseDuration(duration);
        Terminal terminal = terminal();
        StateDirectory state = state();
        String location = Locations.absolute(to);
        try (ClusterAccess cluster =
                        ClusterAccess.of(Kubeconfigs.of(kubeconfig, System.getenv()), context, System.getenv());
                Store store = Target.open(location)) {
            new Memory(state).rememberRecording(location);
            return record(cluster, store, location, limit, state, terminal);
        }
    }

    private int record(
            ClusterAccess cluster,
            Store store,
            String location,
            Duration limit,
            StateDirectory state,
            Terminal terminal)
            throws IOException, InterruptedException {
        Masking masking = new Masking(MaskingRules.base(), MaskingKey.load(state.resolve("masking.key")));
        boolean isNew = !new Layout(cluster.id()).exists(store);
        WriterOptions options = WriterOptions.of(
                "plugin-" + InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9]", "-"),
                state.directory("writers", cluster.id()));
        PrometheusRegistry registry = new PrometheusRegistry();
        String server = cluster.client().getConfiguration().getMasterUrl();
        String title = "Recording " + (cluster.name().isEmpty() ? server : cluster.name()) + " to " + location;
        terminal.note(title + " (" + server + (isNew ? "" : ", continuing") + "). Ctrl-C ends it.");
        ProgressView view = new ProgressView(terminal, title);
        Signals.onInterrupt(() -> interrupted(terminal));
        RecordingWriter writer = RecordingWriter.open(store, cluster.id(), options);
        Instant began = Instant.now();
        Progress last;
        Optional<TraversionException> failure;
        try (HTTPServer metrics = serveMetrics(registry);
                Recording recorded = isNew ? null : nonEmpty(store, cluster.id());
                Snapshotter snapshotter =
                        new Snapshotter(cluster.client(), writer, masking, recorded, Clock.systemUTC(), registry)) {
            if (metrics != null) {
                terminal.note("Metrics: http://127.0.0.1:" + metrics.getPort() + "/metrics");
            }
            last = watch(snapshotter, writer, view, began, limit);
            failure = snapshotter.failure();
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
        close(writer, view, terminal);
        if (failure.isPresent()) {
            throw failure.get();
        }
        summary(terminal, began, last, writer.progress());
        return 0;
    }

    private static Recording nonEmpty(Store store, String cluster) throws IOException {
        Recording recorded = Recording.open(store, cluster, RecordingOptions.defaults());
        if (recorded.types(Long.MAX_VALUE).isEmpty()) {
            recorded.close();
            return null;
        }
        return recorded;
    }

    private HTTPServer serveMetrics(PrometheusRegistry registry) {
        if (metricsPort == null) {
            return null;
        }
        try {
            return HTTPServer.builder()
                    .inetAddress(InetAddress.getLoopbackAddress())
                    .port(metricsPort)
                    .registry(registry)
                    .buildAndStart();
        } catch (IOException e) {
            throw new TraversionException(
                    "Cannot serve metrics on port " + metricsPort + ": " + e.getMessage()
                            + ". Choose another --metrics-port.",
                    e);
        }
    }

    private Progress watch(
            Snapshotter snapshotter, RecordingWriter writer, ProgressView view, Instant began, Duration limit)
            throws InterruptedException {
        while (true) {
            Duration elapsed = Duration.between(began, Instant.now());
            Progress now =
                    Progress.of(elapsed, snapshotter.status(), writer.progress(), snapshotter.discoveryProblem());
            view.show(now);
            boolean isOver = limit != null && elapsed.compareTo(limit) >= 0;
            long pause = limit == null
                    ? TERMINAL_MILLIS
                    : Math.clamp(limit.minus(elapsed).toMillis(), 1, TERMINAL_MILLIS);
            if (isOver || snapshotter.failure().isPresent() || stop.await(pause, TimeUnit.MILLISECONDS)) {
                return now;
            }
        }
    }

    private void interrupted(Terminal terminal) {
        if (stop.getCount() == 0) {
            terminal.note("");
            terminal.error(
                    "aborted before the recording was sealed. Nothing recorded is lost: it is in the log, and is sealed when"
                            + " recording starts again.");
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        stop.countDown();
    }

    private void close(RecordingWriter writer, ProgressView view, Terminal terminal) throws InterruptedException {
        stop.countDown();
        view.end();
        long unsealed = writer.progress().unsealedChanges();
        terminal.note("Sealing " + unsealed + " changes (Ctrl-C again aborts) ...");
        writer.close();
    }

    private static void summary(Terminal terminal, Instant began, Progress last, RecordingProgress written) {
        Instant ended = Instant.now();
        terminal.out()
                .println("Recorded " + MomentText.full(began.truncatedTo(ChronoUnit.SECONDS)) + " to "
                        + MomentText.full(ended.truncatedTo(ChronoUnit.SECONDS)) + " ("
                        + MomentText.duration(Duration.between(began, ended)) + "): " + last.summary(written));
        terminal.out().println("Try: kubectl traversion at now get pods -A");
    }
}
