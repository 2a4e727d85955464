/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.archive.Recording;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.time.TimeParser;
import dev.traversion.kubectl.time.TimeResolver;
import dev.traversion.rewind.RewindOptions;
import dev.traversion.rewind.RewindServer;
import dev.traversion.rewind.cluster.ServedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Serves a recording to kubectl and to this plugin's commands, which find it by its {@link Registration}. */
public final class MomentServer implements ControlSocket.Handler, AutoCloseable {

    private static final Duration IDLE_CHECK = Duration.ofSeconds(5);

    private final String location;
    private final StateDirectory state;
    private final Clock clock;
    private final Store store;
    private final Map<String, Recording> recordings = new LinkedHashMap<>();
    private final RewindServer rewind;
    private final ControlSocket control;
    private final Registration registration;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Instant lastRequest;

    /**
     * Starts to serve.
     *
     * @param location absolute
     * @param cluster id or the beginning of one; {@code ""} for all there are
     * @param background whether it serves commands only, and nobody looks at it
     * @throws TraversionException if there is no recording, or it holds nothing
     */
    public MomentServer(
            String location,
            String cluster,
            int port,
            boolean background,
            String build,
            StateDirectory state,
            Clock clock)
            throws IOException {
        this.location = location;
        this.state = state;
        this.clock = clock;
        this.lastRequest = clock.instant();
        this.store = Stores.open(location);
        try {
            List<String> ids = Recordings.clusters(store);
            for (String id : cluster.isEmpty() ? ids : List.of(OpenRecording.match(cluster, ids))) {
                recordings.put(id, OpenRecording.openNonEmpty(store, location, id));
            }
            this.rewind = RewindServer.start(
                    List.copyOf(recordings.values()), RewindOptions.defaults().withPort(port));
            this.control = new ControlSocket(rewind.token(), this);
            this.registration = new Registration(
                    location, build, ProcessHandle.current().pid(), control.port(), rewind.token(), background);
            registration.write(state);
        } catch (IOException | RuntimeException e) {
            recordings.values().forEach(Recording::close);
            store.close();
            throw e;
        }
    }

    /** The ids of the clusters it serves. */
    public List<String> clusters() {
        return List.copyOf(recordings.keySet());
    }

    public int port() {
        return rewind.port();
    }

    @Override
    public MomentAnswer moment(MomentRequest request) throws IOException {
        lastRequest = clock.instant();
        String id = OpenRecording.choose(request.cluster(), clusters(), location);
        Kubeconfigs kubeconfigs =
                new Kubeconfigs(request.kubeconfigs().stream().map(Path::of).toList());
        String namespace = kubeconfigs.namespace(request.context()).orElse("");
        String objects = request.namespace().isEmpty() ? namespace : request.namespace();
        ServedCluster cluster = rewind.cluster(id);
        ServedRecording recorded = new ServedRecording(cluster, objects);
        Instant instant = request.time().isEmpty()
                ? recorded.end()
                : new TimeResolver(clock, ZoneId.of(request.zone()))
                        .resolve(TimeParser.parse(request.time()), recorded);
        return new MomentAnswer(
                id,
                name(id),
                recorded.start(),
                recorded.end(),
                recorded.live(),
                instant,
                recorded.completeness(new KubectlArguments(request.arguments()), instant),
                namespace,
                rewind.url(id, instant.toString()).toString(),
                rewind.certificate(),
                rewind.token());
    }

    /** The URL of a cluster as it is now, which moves on with a recording that goes on. */
    public String movingUrl(String id) {
        return rewind.url(id, "now").toString();
    }

    /** Where a browser logs in to the console; good for once, and for two minutes. */
    public String consoleUrl() {
        return rewind.consoleUrl("").toString();
    }

    private String name(String id) {
        String name = Locations.name(location);
        return recordings.size() > 1 ? name + "-" + id.substring(0, Math.min(8, id.length())) : name;
    }

    @Override
    public void stop() {
        stopped.countDown();
    }

    /** Waits until it is told to stop. */
    public void await() throws InterruptedException {
        stopped.await();
    }

    /** Waits until it is told to stop, or nobody has asked anything for so long. */
    public void awaitIdle(Duration idle) throws InterruptedException {
        while (!stopped.await(IDLE_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
            Instant last = rewind.lastRequest().isAfter(lastRequest) ? rewind.lastRequest() : lastRequest;
            if (last.plus(idle).isBefore(clock.instant())) {
                return;
            }
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        int port = rewind.port();
        List<Exception> failures = new ArrayList<>();
        for (AutoCloseable part : List.<AutoCloseable>of(() -> registration.delete(state), control, rewind)) {
            try {
                part.close();
            } catch (Exception e) {
                failures.add(e);
            }
        }
        recordings.values().forEach(Recording::close);
        store.close();
        try {
            deleteKubectlCache(port);
        } catch (IOException e) {
            failures.add(e);
        }
        failures.forEach(e -> System.getLogger(MomentServer.class.getName())
                .log(System.Logger.Level.WARNING, "the server did not end cleanly", e));
    }

    /** What kubectl remembered of this server for commands of {@code at}. */
    private void deleteKubectlCache(int port) throws IOException {
        Path cache = state.path().resolve("kubectl-cache").resolve(Integer.toString(port));
        if (Files.isDirectory(cache)) {
            try (Stream<Path> files = Files.walk(cache)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
