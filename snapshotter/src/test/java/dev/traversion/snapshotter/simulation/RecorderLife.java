/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.Change;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import dev.traversion.snapshotter.SnapshotterMetrics;
import dev.traversion.snapshotter.simulation.disk.SimulatedDisk;
import dev.traversion.snapshotter.watch.ResourceStreams;
import dev.traversion.snapshotter.watch.StreamStatus;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A recorder from its start to its end, as the plugin's record command runs it. */
final class RecorderLife {

    static final String CLUSTER = "simulated";

    private static final Masking MASKING = new Masking(MaskingRules.base(), new MaskingKey(new byte[32]));
    private static final long HEARTBEAT_MILLIS = 1_000;

    private final World world;
    private final SimulatedProcess process;
    private final Parts parts;
    private final SimulatedBucket bucket;
    private final FileSystem files;
    private final SimulatedServer server;
    private final boolean seals;
    private final List<Change> acknowledged;
    private boolean stopping;
    private boolean ended;
    private ResourceStreams streams;

    /** @param bucket where the recording is; null for the disk */
    RecorderLife(
            World world,
            SimulatedProcess process,
            Parts parts,
            SimulatedDisk disk,
            SimulatedBucket bucket,
            SimulatedServer server,
            boolean seals,
            List<Change> acknowledged) {
        this.world = world;
        this.process = process;
        this.parts = parts;
        this.bucket = bucket;
        this.server = server;
        this.seals = seals;
        this.acknowledged = acknowledged;
        this.files = disk.mount((operation, path) -> process.step(operation, World.stable(path)));
    }

    SimulatedProcess process() {
        return process;
    }

    /** Whether every resource is observed. */
    boolean isObserving() {
        List<StreamStatus> status = streams == null ? List.of() : streams.status();
        return !status.isEmpty() && status.stream().allMatch(each -> each.state() == StreamStatus.State.OBSERVING);
    }

    void start() {
        world.log("start", "");
        process.thread("record", this::record).start();
    }

    /** Ends it in order, and waits. */
    void stop() throws InterruptedException {
        stopping = true;
        while (!ended && !process.isDead()) {
            world.scheduler().sleep(100_000_000);
        }
    }

    private WriterOptions options() {
        return new WriterOptions(
                "recorder",
                files.getPath("/state"),
                seals ? 15 : 1_000_000,
                0,
                1_000_000,
                Duration.ofHours(seals ? 1 : 1_000),
                1 << 30,
                1 << 30,
                Duration.ofSeconds(5),
                world.clock());
    }

    /** Until it is stopped; begins again if it cannot even begin, as whoever runs it would. */
    private void record() {
        boolean began = false;
        while (!began) {
            try {
                recordOnce();
                began = true;
            } catch (IOException e) {
                world.log("failed", String.valueOf(e.getMessage()));
                pause();
            } catch (InterruptedException e) {
                process.check();
                throw new IllegalStateException(e);
            }
        }
        ended = true;
    }

    private void pause() {
        try {
            process.sleep(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void recordOnce() throws IOException, InterruptedException {
        Store store = parts.store(
                bucket == null
                        ? new FileStore(files.getPath("/recording"))
                        : new SimulatedStore(world, bucket, process));
        SimulatedApi api = new SimulatedApi(world, server, process);
        try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options(), process);
                Recording recorded = nonEmpty(store)) {
            Witness witness = new Witness(parts.sink(writer), acknowledged);
            streams = new ResourceStreams(
                    parts.api(api),
                    witness,
                    MASKING,
                    NamespaceSelection.ALL,
                    world.clock(),
                    new SnapshotterMetrics(new PrometheusRegistry(), witness),
                    recorded,
                    process);
            streams.follow(server.cluster().served(), Set.of());
            Thread acknowledging = process.thread("acknowledge", () -> acknowledge(witness));
            acknowledging.start();
            while (!stopping) {
                streams.lookAfter();
                process.sleep(HEARTBEAT_MILLIS);
                if (streams.failure().isPresent()) {
                    throw new IOException(
                            streams.failure().get().getMessage(),
                            streams.failure().get());
                }
            }
            acknowledging.interrupt();
            streams.close();
        }
    }

    private void acknowledge(Witness witness) {
        try {
            while (!stopping) {
                witness.awaitChange();
                // Often while it is still being written.
                process.sleep(world.random().nextInt(world.random().nextBoolean() ? 2_000 : 20));
                witness.acknowledge();
            }
        } catch (InterruptedException e) {
            process.check();
        }
    }

    private Recording nonEmpty(Store store) throws IOException {
        RecordingOptions options = new RecordingOptions(files.getPath("/cache"), 1L << 30, 1 << 20, 1 << 20);
        Recording recorded = Recording.open(store, CLUSTER, options);
        if (recorded.types(Long.MAX_VALUE).isEmpty()
                && recorded.coverage(null, Long.MIN_VALUE, Long.MAX_VALUE).isEmpty()) {
            recorded.close();
            return null;
        }
        return recorded;
    }
}
