/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter;

import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Execution;
import dev.traversion.archive.History;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.masking.Masking;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.snapshotter.api.ApiServer;
import dev.traversion.snapshotter.discovery.Discovery;
import dev.traversion.snapshotter.discovery.ServedResource;
import dev.traversion.snapshotter.documents.DocumentRecorder;
import dev.traversion.snapshotter.watch.ResourceStreams;
import dev.traversion.snapshotter.watch.StreamStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Records a cluster: everything it serves that can be watched, until it is closed. */
public final class Snapshotter implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Snapshotter.class.getName());
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration DISCOVERY = Duration.ofSeconds(30);

    private static final List<Duration> AFTER_DEFINING =
            List.of(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(6));

    /** Changes of these change what is served. */
    private static final List<ResourceType> DEFINING = List.of(
            new ResourceType("apiextensions.k8s.io", "customresourcedefinitions"),
            new ResourceType("apiregistration.k8s.io", "apiservices"));

    private final ApiServer server;
    private final Discovery discovery;
    private final ResourceStreams streams;
    private final Masking masking;
    private final RecordingSink sink;
    private final RecordingRules rules;

    /** Types of which the recording says already that they are not recorded. */
    private final Set<ResourceType> left = new TreeSet<>();

    /** Null if all is to be recorded here. */
    private final SharedWork sharing;

    /** Null if another recorder looks after the documents. */
    private DocumentRecorder documents;

    private final Thread thread;
    private final Thread watchman;
    private volatile boolean closing;
    private volatile String discoveryProblem = "";
    private volatile boolean documentsRecorded;

    /** Whether what is shared has been shared, and our part of it is being recorded. */
    private volatile boolean allOursFollowed;

    private volatile TraversionException failure;

    /**
     * Starts to record. The first discovery is made before this returns.
     *
     * @param client how to reach the cluster; not closed here
     * @param rules what is recorded; the masking is that of the same rules
     * @param recorded what the recording holds already, up to its end; null if it is new. Read only here
     * @throws IOException if the cluster cannot be reached, or refuses
     */
    public Snapshotter(
            KubernetesClient client,
            RecordingSink sink,
            Masking masking,
            RecordingRules rules,
            History recorded,
            Clock clock,
            PrometheusRegistry registry)
            throws IOException, InterruptedException {
        this(client, sink, masking, rules, recorded, clock, registry, null);
    }

    /**
     * Starts to record a share of what is served.
     *
     * @param sharing which share, and what the recording holds by the time it becomes ours
     * @throws IOException if the cluster cannot be reached, or refuses
     */
    public static Snapshotter sharing(
            SharedWork sharing,
            KubernetesClient client,
            RecordingSink sink,
            Masking masking,
            RecordingRules rules,
            Clock clock,
            PrometheusRegistry registry)
            throws IOException, InterruptedException {
        return new Snapshotter(client, sink, masking, rules, null, clock, registry, sharing);
    }

    private Snapshotter(
            KubernetesClient client,
            RecordingSink sink,
            Masking masking,
            RecordingRules rules,
            History recorded,
            Clock clock,
            PrometheusRegistry registry,
            SharedWork sharing)
            throws IOException, InterruptedException {
        this.sink = sink;
        this.rules = rules;
        this.sharing = sharing;
        this.server = new ApiServer(client);
        SnapshotterMetrics metrics = new SnapshotterMetrics(registry, sink);
        this.discovery = new Discovery(server);
        this.masking = masking;
        this.streams = new ResourceStreams(
                server, sink, masking, rules.selected(), clock, metrics, recorded, Execution.SYSTEM);
        this.documents =
                sharing == null ? new DocumentRecorder(server, sink, masking, streams.clock(), recorded) : null;
        Discovery.Found found;
        try {
            found = read();
        } catch (IOException e) {
            server.close();
            throw e;
        }
        discoveryProblem = String.join("; ", found.problems().values());
        follow(found);
        this.thread = Thread.ofPlatform().name("snapshotter").daemon().start(() -> run(found));
        this.watchman = Thread.ofVirtual().name("clock").start(this::watchClock);
    }

    /** How each resource is doing, by type. */
    public List<StreamStatus> status() {
        return streams.status();
    }

    /**
     * Whether all that exists was recorded once, as far as it is ours: each resource's first list, and the documents without which nothing
     * can be served.
     */
    public boolean isComplete() {
        if (!documentsRecorded || isListing()) {
            return false;
        }
        // Of what is shared, nothing may be ours.
        return sharing == null
                ? streams.status().stream().anyMatch(each -> each.state() == StreamStatus.State.OBSERVING)
                : allOursFollowed;
    }

    /** Why discovery does not work at the moment; {@code ""} if it does. */
    public String discoveryProblem() {
        String stalled = sink.progress().stalled();
        return stalled.isEmpty() ? discoveryProblem : "new resources are looked for when the log goes on: " + stalled;
    }

    /** Why recording ended by itself; empty as long as it goes on. */
    public Optional<TraversionException> failure() {
        return failure != null ? Optional.of(failure) : streams.failure();
    }

    private void run(Discovery.Found first) {
        Discovery.Found found = first;
        long documentsDue = System.nanoTime();
        boolean documentsRead = false;
        Deque<Long> discoveries = new ArrayDeque<>();
        long seen = 0;
        try {
            while (!closing) {
                streams.lookAfter();
                long now = System.nanoTime();
                long defining = definingChanges();
                if (defining != seen) {
                    // What is served follows a little later.
                    discoveries.clear();
                    AFTER_DEFINING.forEach(later -> discoveries.add(now + later.toNanos()));
                    seen = defining;
                }
                if (discoveries.isEmpty()) {
                    discoveries.add(now + DISCOVERY.toNanos());
                } else if (now - discoveries.peek() > 0) {
                    discoveries.remove();
                    Optional<Discovery.Found> next = discover();
                    if (next.isPresent()) {
                        found = next.get();
                        follow(found);
                        documentsRead = false;
                    }
                }
                if (sharing != null) {
                    follow(found);
                    documentsRead &= documents != null;
                    documentsRecorded |= documents == null;
                }
                if (documents != null && !documentsRead && System.nanoTime() - documentsDue >= 0 && !isListing()) {
                    documentsRead = updateDocuments(found);
                    documentsDue = System.nanoTime() + (documentsRead ? 0 : DISCOVERY.toNanos());
                }
                Thread.sleep(HEARTBEAT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TraversionException e) {
            failure = e;
        } catch (IOException e) {
            failure = new TraversionException("Recording stopped: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            // Errors too: without this thread nothing is confirmed any more.
            failure = new TraversionException("Recording stopped because of a defect: " + e, e);
        }
    }

    /** What is served and is to be recorded; of the rest the recording says once that it is not. */
    private Discovery.Found read() throws IOException, InterruptedException {
        Discovery.Found found = discovery.read();
        Map<ResourceType, ServedResource> ours = new TreeMap<>(found.resources());
        ours.keySet().removeIf(type -> !rules.isRecorded(type));
        for (ResourceType type : found.resources().keySet()) {
            if (!ours.containsKey(type) && left.add(type)) {
                sink.mark(new CoverageMark(
                        type, CoverageMark.Kind.GAP, streams.clock().now(), "", RecordingRules.LEFT_OUT));
            }
        }
        return new Discovery.Found(ours, found.documents(), found.problems());
    }

    /** Every second, even while a sink takes nothing: then it was not the recorder that stood still. */
    private void watchClock() {
        try {
            while (!closing) {
                streams.clock().now();
                Thread.sleep(HEARTBEAT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Discovery.Found found) throws IOException, InterruptedException {
        if (sharing == null) {
            streams.follow(found.resources(), found.problems().keySet());
            return;
        }
        Set<ResourceType> served = new TreeSet<>(found.resources().keySet());
        served.add(DocumentRecorder.TYPE);
        streams.status().stream()
                .map(StreamStatus::type)
                .filter(type -> found.problems().containsKey(type.group()))
                .forEach(served::add);
        boolean isSettled = sharing.share().isSettled();
        Set<ResourceType> ours = sharing.share().ours(served);
        try {
            streams.follow(found.resources(), found.problems().keySet(), ours, sharing.recorded());
            followDocuments(ours.contains(DocumentRecorder.TYPE));
            allOursFollowed = isSettled;
        } catch (IOException e) {
            // What is recorded cannot be read now: what became ours begins later.
            LOG.log(Level.DEBUG, "the recording cannot be read", e);
        }
        Set<ResourceType> observed = new TreeSet<>();
        streams.status().forEach(status -> observed.add(status.type()));
        if (documents != null) {
            observed.add(DocumentRecorder.TYPE);
        }
        sharing.share().observing(observed);
    }

    private void followDocuments(boolean isOurs) throws IOException, InterruptedException {
        if (isOurs && documents == null) {
            try (History recorded = sharing.recorded().open()) {
                documents = new DocumentRecorder(server, sink, masking, streams.clock(), recorded);
                documentsRecorded = false;
            }
        } else if (!isOurs && documents != null) {
            documents.handOver();
            documents = null;
        }
    }

    private Optional<Discovery.Found> discover() throws InterruptedException {
        try {
            Discovery.Found found = read();
            discoveryProblem = String.join("; ", found.problems().values());
            return Optional.of(found);
        } catch (IOException e) {
            discoveryProblem = e.getMessage();
            LOG.log(Level.DEBUG, "discovery failed", e);
            return Optional.empty();
        }
    }

    /** Whether initial lists are still going on: they come first. */
    private boolean isListing() {
        return streams.status().stream().anyMatch(status -> status.state() == StreamStatus.State.LISTING);
    }

    private boolean updateDocuments(Discovery.Found found) throws InterruptedException {
        try {
            documents.update(found.documents());
            documentsRecorded = true;
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the API server's documents could not be read", e);
            return false;
        }
    }

    private long definingChanges() {
        return streams.status().stream()
                .filter(status -> DEFINING.contains(status.type()))
                .mapToLong(StreamStatus::changes)
                .sum();
    }

    /** A sink that has failed takes nothing more; the streams have told why. */
    private static void stop(DocumentRecorder ended) throws InterruptedException {
        try {
            ended.stop();
        } catch (TraversionException e) {
            LOG.log(Level.DEBUG, "nobody is told that the documents are not looked at any more", e);
        }
    }

    /** Ends recording; everything seen is with the sink, and marked as complete up to now. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        watchman.interrupt();
        try {
            thread.join(Duration.ofSeconds(15));
            streams.close();
            if (documents != null) {
                stop(documents);
            }
            server.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
