/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.e2e.recording.Waiting;
import dev.traversion.e2e.snapshotter.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * A recorder in this process that writes several recordings of the same at once, each through a part that may be broken: one run, and
 * a verdict for each way to break it.
 */
final class InProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String CLUSTER = "cluster";

    private final Path kubeconfig;
    private final Path directory;
    private final Clock clock;
    private final Map<String, UnaryOperator<RecordingSink>> breakages;
    private final Map<ResourceType, Long> newest = new ConcurrentHashMap<>();
    private final List<RecordingSink> sinks = new ArrayList<>();
    private History recorded;
    private Recorder recorder;
    private volatile boolean isCrashed;

    /** @param breakages what stands between the snapshotter and each recording, by the recording's name */
    InProcess(Path kubeconfig, Path directory, Clock clock, Map<String, UnaryOperator<RecordingSink>> breakages) {
        this.kubeconfig = kubeconfig;
        this.directory = directory;
        this.clock = clock;
        this.breakages = new LinkedHashMap<>(breakages);
    }

    /** Begins, or goes on with what the first recording holds; returns when everything is listed, or resumed. */
    void start() throws Exception {
        isCrashed = false;
        String first = breakages.keySet().iterator().next();
        recorded = store(first).list("clusters/").isEmpty() ? null : open(first);
        for (Map.Entry<String, UnaryOperator<RecordingSink>> each : breakages.entrySet()) {
            WriterOptions options = WriterOptions.of("test", directory.resolve("state-" + each.getKey()));
            sinks.add(each.getValue().apply(RecordingWriter.open(store(each.getKey()), CLUSTER, options)));
        }
        recorder = new Recorder(kubeconfig, "", new Fan(), recorded, clock);
    }

    /** Ends as if killed: nothing that is said from now on is written. */
    void crash() throws IOException {
        isCrashed = true;
        end();
    }

    /** Waits until the snapshotter has seen the newest version of each type. */
    void awaitSeen(List<Version> versions) throws Exception {
        for (ResourceType type : Oracle.types()) {
            long last = versions.stream()
                    .filter(each -> each.key().type().equals(type))
                    .mapToLong(Version::revision)
                    .max()
                    .orElse(0);
            Waiting.until(PATIENCE, type + " is seen up to " + last, () -> newest.getOrDefault(type, 0L) >= last);
        }
    }

    /** What is recorded under a name now. */
    History open(String name) throws IOException {
        for (RecordingSink sink : sinks) {
            sink.synced().join();
        }
        return Recording.open(store(name), CLUSTER, RecordingOptions.defaults());
    }

    Verdict judge(String name, Oracle oracle, List<Version> expected) throws IOException {
        try (History recording = open(name)) {
            return Verdict.of(recording, oracle, expected, recorder.masking());
        }
    }

    Recorder recorder() {
        return recorder;
    }

    private Store store(String name) {
        return new FileStore(directory.resolve("recording-" + name));
    }

    private void end() throws IOException {
        recorder.close();
        sinks.forEach(RecordingSink::close);
        sinks.clear();
        if (recorded != null) {
            recorded.close();
            recorded = null;
        }
    }

    @Override
    public void close() throws IOException {
        if (!sinks.isEmpty()) {
            end();
        }
    }

    /** Says the same to all. */
    private final class Fan implements RecordingSink {

        @Override
        public void append(Change change) throws InterruptedException {
            if (!isCrashed) {
                for (RecordingSink sink : sinks) {
                    sink.append(change);
                }
                if (change.operation() != Operation.DELETED || change.body().length > 0) {
                    note(change);
                }
            }
        }

        private void note(Change change) {
            if (Oracle.types().contains(change.key().type())) {
                newest.merge(change.key().type(), Long.parseLong(change.resourceVersion()), Math::max);
            }
        }

        @Override
        public void mark(CoverageMark mark) throws InterruptedException {
            if (!isCrashed) {
                for (RecordingSink sink : sinks) {
                    sink.mark(mark);
                }
            }
        }

        @Override
        public CompletableFuture<Void> synced() {
            return CompletableFuture.allOf(
                    sinks.stream().map(RecordingSink::synced).toArray(CompletableFuture[]::new));
        }

        @Override
        public RecordingProgress progress() {
            return sinks.getFirst().progress();
        }

        @Override
        public void close() {}
    }
}
