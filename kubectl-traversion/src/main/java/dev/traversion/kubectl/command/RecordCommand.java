/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.retention.Limits;
import dev.traversion.archive.retention.RegularRetention;
import dev.traversion.archive.retention.Retention;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.record.ClusterAccess;
import dev.traversion.kubectl.record.LogMetrics;
import dev.traversion.kubectl.record.NodeRecord;
import dev.traversion.kubectl.record.Progress;
import dev.traversion.kubectl.record.ProgressView;
import dev.traversion.kubectl.record.RecorderName;
import dev.traversion.kubectl.record.SharingMetrics;
import dev.traversion.kubectl.record.Target;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.terminal.Signals;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.snapshotter.SharedWork;
import dev.traversion.snapshotter.Snapshotter;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "  kubectl traversion record --to s3://recordings/prod --share --masking-key /etc/traversion/masking.key",
            "  kubectl traversion record --to ./prod --keep 14d --keep-size 50Gi",
            "  kubectl traversion record --to s3://recordings/prod --node",
            "",
            "S3 is reached as the AWS tools do: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL,",
            "or ~/.aws/credentials. The key of the tokens is in the plugin's state directory, never in the recording."
        })
final class RecordCommand extends Common implements Callable<Integer> {

    private static final long TERMINAL_MILLIS = 500;
    private static final int INTERRUPTED = 130;
    private static final Duration FORGETTING = Duration.ofMinutes(1);

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

    @Option(names = "--metrics-port", paramLabel = "PORT", description = "Serve Prometheus metrics there.")
    private Integer metricsPort;

    @Option(
            names = "--metrics-address",
            paramLabel = "ADDRESS",
            defaultValue = "",
            description = "The address of --metrics-port. Without it: loopback.")
    private String metricsAddress;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "What to record, and what else is secret, as JSON: include, exclude, names, namespaces.")
    private Path rulesFile;

    @Option(
            names = "--share",
            description =
                    "Share the work with others that record to the same place with --share: each records some of the"
                            + " resources, and goes on with those of another one that is gone for 10 s.")
    private boolean share;

    @Option(
            names = "--masking-key",
            paramLabel = "FILE",
            description =
                    "The key of the tokens, made if there is none. Those who share a recording need the same. Without it:"
                            + " one in the plugin's state directory.")
    private Path maskingKey;

    @Mixin
    private KeepOptions keep;

    @Option(
            names = "--log-budget",
            paramLabel = "SIZE",
            defaultValue = "",
            description =
                    "How large the local log may become while nothing can be sealed, such as 4Gi; then recording waits."
                            + " Without it: 16Gi.")
    private String logBudget;

    @Mixin
    private NodeOptions node;

    private RecordingRules rules;
    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        rules = rulesFile == null ? RecordingRules.ALL : RecordingRules.read(rulesFile);
        Duration limit = duration.isEmpty() ? null : TimeParser.parseDuration(duration);
        Limits limits = keep.limits();
        long mostLogBytes = logBudget.isEmpty() ? 0 : Sizes.bytes(logBudget);
        Terminal terminal = terminal();
        StateDirectory state = state();
        String location = Locations.absolute(to);
        if (node.isWanted()) {
            return recordNode(location, limit, state, terminal);
        }
        try (ClusterAccess cluster =
                        ClusterAccess.of(Kubeconfigs.of(kubeconfig, System.getenv()), context, System.getenv());
                Store store = Target.open(location)) {
            new Memory(state).rememberRecording(location);
            return record(cluster, store, location, new Bounds(limit, limits, mostLogBytes), state, terminal);
        }
    }

    /** What happens on this machine, until that is over. */
    private int recordNode(String location, Duration limit, StateDirectory state, Terminal terminal)
            throws IOException, InterruptedException {
        String cluster = NodeRecord.cluster(
                node.cluster(), Kubeconfigs.of(kubeconfig, System.getenv()), context, System.getenv());
        new Memory(state).rememberRecording(location);
        Signals.onInterrupt(stop::countDown);
        if (limit != null) {
            Thread.ofVirtual().start(() -> {
                try {
                    stop.await(limit.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                stop.countDown();
            });
        }
        terminal.note("Recording this node to " + location + ". Ctrl-C ends it.");
        int port = metricsPort == null ? 0 : metricsPort;
        Path spool = node.spool(state.directory("spool", cluster));
        NodeRecord.run(location, cluster, node.name(), spool, port, node.asked(() -> key(state)), stop, terminal);
        return 0;
    }

    private MaskingKey key(StateDirectory state) {
        return MaskingKey.load(maskingKey == null ? state.resolve("masking.key") : maskingKey.toAbsolutePath());
    }

    /**
     * What recording keeps to.
     *
     * @param duration null if it goes on until it is ended
     * @param logBytes 0 for the usual
     */
    private record Bounds(Duration duration, Limits keep, long logBytes) {}

    private int record(
            ClusterAccess cluster, Store store, String location, Bounds bounds, StateDirectory state, Terminal terminal)
            throws IOException, InterruptedException {
        MaskingKey key = key(state);
        boolean isNew = !new Layout(cluster.id()).exists(store);
        WriterOptions options = WriterOptions.of(
                RecorderName.in(state.directory("writers", cluster.id())), state.directory("writers", cluster.id()));
        if (bounds.logBytes > 0) {
            options = options.withMostLogBytes(bounds.logBytes);
        }
        String server = cluster.client().getConfiguration().getMasterUrl();
        String title = "Recording " + (cluster.name().isEmpty() ? server : cluster.name()) + " to " + location;
        terminal.note(title + " (" + server + (isNew ? "" : ", continuing") + "). Ctrl-C ends it.");
        Signals.onInterrupt(() -> interrupted(terminal));
        Instant began = Instant.now();
        while (true) {
            RecordingWriter writer = share
                    ? RecordingWriter.openShared(store, cluster.id(), options, key.fingerprint())
                    : RecordingWriter.open(store, cluster.id(), options);
            Progress last = session(cluster, store, writer, isNew, key, began, bounds, title, terminal);
            if (!writer.isKeptOut() || stop.getCount() == 0) {
                summary(terminal, began, last, writer.progress());
                return 0;
            }
            terminal.note(
                    "The other recorders did not hear of this one for a while, and went on without it. It joins again.");
        }
    }

    /** Records until that is over, or the others go on without us. */
    private Progress session(
            ClusterAccess cluster,
            Store store,
            RecordingWriter writer,
            boolean isNew,
            MaskingKey key,
            Instant began,
            Bounds bounds,
            String title,
            Terminal terminal)
            throws IOException, InterruptedException {
        PrometheusRegistry registry = new PrometheusRegistry();
        ProgressView view = new ProgressView(terminal, title);
        Progress last;
        Optional<TraversionException> failure;
        new LogMetrics(registry, writer);
        AtomicBoolean ready = new AtomicBoolean();
        try (HTTPServer metrics = MetricsServer.start(metricsPort, metricsAddress, registry, ready::get);
                RegularRetention retention = retain(store, cluster.id(), bounds.keep, state(), writer);
                Recording recorded = isNew || share ? null : nonEmpty(store, cluster.id());
                Snapshotter snapshotter =
                        snapshotter(cluster, store, writer, Masking.of(rules, key), recorded, registry)) {
            if (metrics != null) {
                String address = metricsAddress.isEmpty() ? "127.0.0.1" : metricsAddress;
                terminal.note("Metrics: http://" + address + ":" + metrics.getPort() + "/metrics");
            }
            last = watch(snapshotter, writer, retention, view, began, bounds.duration, ready);
            failure = snapshotter.failure();
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
        close(writer, view, terminal);
        if (failure.isPresent() && !writer.isKeptOut()) {
            throw failure.get();
        }
        return last;
    }

    private Snapshotter snapshotter(
            ClusterAccess cluster,
            Store store,
            RecordingWriter writer,
            Masking masking,
            Recording recorded,
            PrometheusRegistry registry)
            throws IOException, InterruptedException {
        if (!share) {
            return new Snapshotter(cluster.client(), writer, masking, rules, recorded, Clock.systemUTC(), registry);
        }
        new SharingMetrics(registry, writer);
        SharedWork work = new SharedWork(writer.share(), () -> nonEmpty(store, cluster.id()));
        return Snapshotter.sharing(work, cluster.client(), writer, masking, rules, Clock.systemUTC(), registry);
    }

    /** Null if everything is kept. */
    private static RegularRetention retain(
            Store store, String cluster, Limits limits, StateDirectory state, RecordingWriter writer)
            throws IOException {
        if (limits.equals(Limits.NONE)) {
            return null;
        }
        RecordingOptions options = RecordingOptions.defaults();
        Retention retention = new Retention(
                store,
                new Layout(cluster),
                new LocalCopies(store, options.cache(), options.cacheBytes()),
                state.directory("retention", cluster),
                Clock.systemUTC());
        // What cannot be kept here is said now, not when the disk is full.
        retention.plan(limits);
        return new RegularRetention(retention, limits, FORGETTING, writer::commits);
    }

    private static Recording nonEmpty(Store store, String cluster) throws IOException {
        Recording recorded = Recording.open(store, cluster, RecordingOptions.defaults());
        if (recorded.types(Long.MAX_VALUE).isEmpty()
                && recorded.coverage(null, Long.MIN_VALUE, Long.MAX_VALUE).isEmpty()) {
            recorded.close();
            return null;
        }
        return recorded;
    }

    private Progress watch(
            Snapshotter snapshotter,
            RecordingWriter writer,
            RegularRetention retention,
            ProgressView view,
            Instant began,
            Duration limit,
            AtomicBoolean ready)
            throws InterruptedException {
        while (true) {
            Duration elapsed = Duration.between(began, Instant.now());
            List<String> problems = new ArrayList<>();
            if (!snapshotter.discoveryProblem().isEmpty()) {
                problems.add("discovery: " + snapshotter.discoveryProblem());
            }
            if (retention != null && !retention.problem().isEmpty()) {
                problems.add("retention: " + retention.problem());
            }
            Progress now = Progress.of(elapsed, snapshotter, writer.progress(), String.join("; ", problems));
            view.show(now);
            // Once: a rollout waits for a start, and what comes later are gaps, told as such.
            if (now.complete()) {
                ready.set(true);
            }
            boolean isOver = limit != null && elapsed.compareTo(limit) >= 0;
            long pause = limit == null
                    ? TERMINAL_MILLIS
                    : Math.clamp(limit.minus(elapsed).toMillis(), 1, TERMINAL_MILLIS);
            if (isOver
                    || writer.isKeptOut()
                    || snapshotter.failure().isPresent()
                    || stop.await(pause, TimeUnit.MILLISECONDS)) {
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
        view.end();
        long unsealed = writer.progress().unsealedChanges();
        if (!writer.isKeptOut()) {
            stop.countDown();
            terminal.note("Sealing " + unsealed + " changes (Ctrl-C again aborts) ...");
        }
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
