/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Execution;
import dev.traversion.archive.History;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.TraversionException;
import dev.traversion.masking.Masking;
import dev.traversion.snapshotter.RecordingClock;
import dev.traversion.snapshotter.SnapshotterMetrics;
import dev.traversion.snapshotter.api.ApiReads;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/** The streams of all resources: starts those that appear, ends those that vanish, and looks after the rest. */
public final class ResourceStreams implements AutoCloseable {

    private static final int LISTS_AT_ONCE = 8;
    private static final String HANDED_OVER = "another recorder goes on with it";
    private static final Duration MOST_ENDING = Duration.ofSeconds(10);
    private static final long MOST_UNCONFIRMED = Duration.ofSeconds(4).toNanos();

    private final ApiReads server;
    private final RecordingSink sink;
    private final Masking masking;
    private final NamespaceSelection namespaces;
    private final RecordingClock clock;
    private final SnapshotterMetrics metrics;
    private final Execution execution;

    /** What the recording holds already; null if that is nothing, or it is not to be looked at any more. */
    private History recorded;

    private final SeenRevisions seen = new SeenRevisions();
    private final Semaphore lists = new Semaphore(LISTS_AT_ONCE);
    private final Map<ResourceType, Running> running = new HashMap<>();

    private final Map<ResourceType, ResourceRecorder> recorders = new HashMap<>();

    private record Running(ResourceStream stream, Thread thread) {}

    /**
     * @param namespaces whose objects are recorded
     * @param recorded what the recording holds already; null if it is new
     */
    public ResourceStreams(
            ApiReads server,
            RecordingSink sink,
            Masking masking,
            NamespaceSelection namespaces,
            Clock clock,
            SnapshotterMetrics metrics,
            History recorded,
            Execution execution) {
        this.server = server;
        this.sink = sink;
        this.masking = masking;
        this.namespaces = namespaces;
        this.clock = new RecordingClock(clock, execution::nanoTime, recorded == null ? 0 : recorded.end());
        this.metrics = metrics;
        this.recorded = recorded;
        this.execution = execution;
    }

    /** The time of all they record. Somebody has to ask for it every second. */
    public RecordingClock clock() {
        return clock;
    }

    /**
     * Makes the streams those of the resources served now, as far as they are ours.
     *
     * @param silentGroups groups of which it is not known what they serve: their streams stay
     * @param ours what is to be recorded here; others record the rest
     * @param nowRecorded what the recording holds now
     */
    public synchronized void follow(
            Map<ResourceType, ServedResource> served,
            Set<String> silentGroups,
            Set<ResourceType> ours,
            RecordedSource nowRecorded)
            throws IOException, InterruptedException {
        Set<ResourceType> over = new TreeSet<>(running.keySet());
        over.removeAll(ours);
        for (ResourceType type : over) {
            end(running.remove(type), HANDED_OVER);
            recorders.remove(type).coverage().handOver(HANDED_OVER);
        }
        Map<ResourceType, ServedResource> mine = new TreeMap<>(served);
        mine.keySet().retainAll(ours);
        seen.others(new OthersRevisions(served, ours, nowRecorded, seen));
        if (running.keySet().containsAll(mine.keySet())) {
            follow(mine, silentGroups);
        } else {
            // What another one has recorded of them since.
            try (History now = nowRecorded.open()) {
                recorded = now;
                if (now != null) {
                    clock.passed(now.end());
                }
                follow(mine, silentGroups);
            } finally {
                recorded = null;
            }
        }
    }

    /**
     * Makes the streams those of the resources served now.
     *
     * @param silentGroups groups of which it is not known what they serve: their streams stay
     */
    public synchronized void follow(Map<ResourceType, ServedResource> served, Set<String> silentGroups)
            throws IOException, InterruptedException {
        for (ResourceType type : List.copyOf(running.keySet())) {
            ServedResource now = served.get(type);
            boolean vanished = now == null && !silentGroups.contains(type.group());
            if (vanished || (now != null && !now.equals(running.get(type).stream.resource()))) {
                end(
                        running.remove(type),
                        vanished ? "the resource is not served any more" : "it is served in another version");
            }
        }
        for (ServedResource resource : served.values()) {
            if (!running.containsKey(resource.type())) {
                running.put(resource.type(), start(resource));
            }
        }
    }

    private Running start(ServedResource resource) throws IOException, InterruptedException {
        ResourceRecorder recorder = recorders.get(resource.type());
        if (recorder == null) {
            recorder = recorder(resource);
            recorders.put(resource.type(), recorder);
        } else {
            recorder.serve(resource);
        }
        ResourceStream stream = new ResourceStream(resource, server, recorder, seen, lists, execution);
        Thread thread = execution.thread("watch-" + resource.type(), stream);
        thread.setDaemon(true);
        thread.start();
        return new Running(stream, thread);
    }

    /** A recorder that knows what is recorded already. */
    private ResourceRecorder recorder(ServedResource resource) throws IOException, InterruptedException {
        StreamStatus status = new StreamStatus(resource.type(), metrics);
        if (recorded == null) {
            return new ResourceRecorder(resource, sink, masking, namespaces, clock, status, 0);
        }
        long end = recorded.end();
        ResourceRecorder recorder = new ResourceRecorder(resource, sink, masking, namespaces, clock, status, end);
        boolean[] sameVersion = {true};
        recorded.list(resource.type(), "", null, end, version -> {
            if (recorder.known().size() == 0) {
                ObjectMetadata metadata = ObjectMetadata.read(version.body());
                sameVersion[0] = metadata.apiVersion().equals(resource.apiVersion());
            }
            // What is left out now was not deleted.
            if (namespaces.isRecorded(version.key().namespace())) {
                recorder.known().put(version.key(), version.resourceVersion(), version.uid());
            }
            return true;
        });
        if (!sameVersion[0]) {
            recorder.known().forgetVersions();
        }
        String version = sameVersion[0] && resource.isInEtcd() ? recordedUpTo(resource.type(), end) : "";
        if (ResourceVersions.isNumeric(version)) {
            recorder.coverage().resume(version);
        } else {
            recorder.coverage().beginAnew();
        }
        return recorder;
    }

    /** The version up to which nothing of a type is missing; {@code ""} if a list was being recorded when recording ended. */
    private String recordedUpTo(ResourceType type, long end) throws IOException {
        List<CoverageInterval> coverage = recorded.coverage(type, recorded.start(), end);
        List<CoverageInterval> observed =
                coverage.stream().filter(CoverageInterval::observed).toList();
        if (observed.isEmpty()) {
            return "";
        }
        CoverageInterval last = observed.getLast();
        String newest = recorded.resourceVersion(type, end);
        String most = ResourceVersions.compare(newest, last.toVersion()) > 0 ? newest : last.toVersion();
        if (wasResuming(coverage, last)) {
            return most;
        }
        boolean[] goesOn = {false};
        recorded.changes(type, "", last.to() - 1, end, change -> {
            goesOn[0] = true;
            return false;
        });
        return goesOn[0] ? "" : most;
    }

    /** Whether it was being resumed when recording ended: what is recorded since was recorded in its order, up to where that ends. */
    private static boolean wasResuming(List<CoverageInterval> coverage, CoverageInterval last) {
        List<CoverageInterval> since =
                coverage.stream().filter(each -> each.from() >= last.to()).toList();
        return !since.isEmpty() && since.stream().allMatch(each -> each.reason().contains(CoverageMark.LATE));
    }

    private void end(Running ended, String reason) throws InterruptedException {
        ended.stream.stop(reason, server.isReachable());
        if (!ended.thread.join(MOST_ENDING)) {
            // It waits for a sink that takes nothing.
            ended.thread.interrupt();
            ended.thread.join(MOST_ENDING);
        }
    }

    /** Called every second. */
    public void lookAfter() throws InterruptedException {
        boolean reachable = server.isReachable();
        boolean spoken = false;
        for (Running each : running()) {
            // One of them speaks every second, so that the recording's end moves; the others now and then.
            each.stream.heartbeat(reachable, spoken ? MOST_UNCONFIRMED : 0);
            spoken |= each.stream.status().state() == StreamStatus.State.OBSERVING;
            each.stream.cutIfSilent();
        }
    }

    private synchronized List<Running> running() {
        return List.copyOf(running.values());
    }

    public synchronized List<StreamStatus> status() {
        List<StreamStatus> all = new ArrayList<>();
        running.values().forEach(each -> all.add(each.stream.status()));
        all.sort(java.util.Comparator.comparing(StreamStatus::type));
        return all;
    }

    /** Why recording failed, if it did. */
    public synchronized Optional<TraversionException> failure() {
        return running.values().stream()
                .map(each -> each.stream.failure())
                .filter(java.util.Objects::nonNull)
                .findFirst();
    }

    /** Ends all streams; the recording says that it was meant. */
    @Override
    public synchronized void close() {
        boolean reachable;
        try {
            reachable = server.isReachable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        running.values().forEach(each -> each.stream.stop(CoverageMark.STOPPED, reachable));
        long end = execution.nanoTime() + MOST_ENDING.toNanos();
        for (Running each : running.values()) {
            try {
                if (!each.thread.join(Duration.ofNanos(Math.max(1, end - execution.nanoTime())))) {
                    // It waits for a sink that takes nothing.
                    each.thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
