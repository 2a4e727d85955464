/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.Change;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.snapshotter.simulation.disk.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One run: a cluster that changes, a recorder that records it, and everything that can go wrong, as a seed decides; then a judgement of
 * what was recorded.
 */
final class Simulation {

    static {
        // Iceberg would read manifests on threads that the seed does not decide about.
        System.setProperty("iceberg.scan.plan-in-worker-pool", "false");
    }

    /** How long the recorder may take, when everything is well again, to observe everything again. */
    private static final int PATIENCE = 200;

    /** Before that it need not even have noticed that something was wrong. */
    private static final int SETTLING = 18;

    /** Every so many runs parts are made, which takes as long as a hundred others. */
    private static final int SEALING = 1_000;

    private final World world;
    private final Parts parts;
    private final RandomGenerator random;
    private final SimulatedDisk disk;
    private final SimulatedBucket bucket = new SimulatedBucket();
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final SimulatedServer server;
    private final List<Change> acknowledged = new ArrayList<>();
    private final Nature nature;
    private RecorderLife life;
    private boolean over;

    /**
     * What kind of a run it is.
     *
     * @param remote whether the recording is in a bucket
     * @param seals whether parts are made: the slow part, so not in most runs
     * @param crashes how often the recorder is killed at most
     * @param power whether the power fails when it is killed
     * @param troubled whether the API server refuses now and then
     * @param dear whether the disk becomes full or the clock jumps: what is in the log is sealed then, so not in most runs either
     */
    record Nature(
            boolean remote, boolean seals, int changes, int crashes, boolean power, boolean troubled, boolean dear) {

        static Nature of(RandomGenerator random, boolean seals) {
            return new Nature(
                    random.nextInt(9) == 0,
                    seals,
                    random.nextInt(4, 18),
                    random.nextInt(4),
                    random.nextInt(3) > 0,
                    random.nextBoolean(),
                    random.nextInt(12) == 0);
        }
    }

    private Simulation(long seed, Parts parts, Consumer<String> trace) {
        this.world = new World(seed, trace);
        this.parts = parts;
        this.random = world.random();
        this.nature = Nature.of(random, seed % SEALING == 0);
        this.disk = parts.disk();
        this.server = new SimulatedServer(cluster, random.nextInt(4) > 0, nature.troubled);
    }

    /**
     * Runs a seed.
     *
     * @param trace gets a line for everything that happens; null for none
     * @return a hash of everything that happened
     * @throws AssertionError if a promise was broken
     */
    static long run(long seed, Parts parts, Consumer<String> trace) {
        Simulation simulation = new Simulation(seed, parts, trace);
        try {
            simulation.run();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\nReproduce with: ./traversion simulate --seed " + seed,
                    e);
        }
        return simulation.world.hash();
    }

    private void run() throws Exception {
        world.log("run", nature.toString());
        int before = random.nextInt(12);
        for (int i = 0; i < before; i++) {
            cluster.change(random);
        }
        Thread thread = world.scheduler().thread("world", this::live);
        thread.start();
        world.scheduler().run(() -> !thread.isAlive());
        if (world.broken() != null) {
            throw new AssertionError(world.broken().getMessage(), world.broken());
        }
        try (Store reader = nature.remote ? new SimulatedStore(world, bucket, null) : directory()) {
            judge(reader).judge(nature.seals);
        }
    }

    private Judge judge(Store reader) {
        FileSystem files = disk.mount((operation, path) -> {});
        return new Judge(cluster, acknowledged, reader, files.getPath("/cache"), random);
    }

    private Store directory() {
        return new FileStore(disk.mount((operation, path) -> {}).getPath("/recording"));
    }

    private void live() {
        try {
            int crashes = nature.crashes;
            int changes = nature.changes;
            int quiet = 0;
            begin(crashes > 0);
            while (changes > 0 || quiet < PATIENCE) {
                world.scheduler().sleep(random.nextLong(1_000_000, 1_500_000_000));
                if (changes > 0) {
                    int burst = random.nextInt(4) == 0 ? random.nextInt(1, 8) : 1;
                    for (int i = 0; i < burst; i++, changes--) {
                        world.log("change", cluster.revision() + 1 + " " + cluster.change(random));
                    }
                    mishap();
                } else {
                    quiet = quiet == 0 ? recover() : quiet > settling() && life.isObserving() ? PATIENCE : quiet + 1;
                }
                if (life.process().isDead() && !life.process().isRunning()) {
                    crashes--;
                    judgeWhatItLeft();
                    world.scheduler().sleep(random.nextLong(1_000_000, 20_000_000_000L));
                    begin(crashes > 0 && changes > 0);
                    quiet = Math.min(quiet, 1);
                }
            }
            boolean orderly = nature.seals;
            over = true;
            if (orderly) {
                life.stop();
            } else {
                life.process().kill("in the end");
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            world.broken("the run did not come to its end", e);
            life.process().kill("the run is broken");
        }
        try {
            while (life.process().isRunning()) {
                world.scheduler().sleep(1_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before the next recorder finds in the cluster what this one lost. What is not in a bucket yet is in the log beside it. */
    private void judgeWhatItLeft() {
        if (nature.remote || nature.seals || acknowledged.isEmpty()) {
            return;
        }
        try (Store reader = directory()) {
            judge(reader).judgeAcknowledged();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(boolean dies) {
        world.whenProcessDies(() -> {
            disk.unlock();
            if (nature.power && !over && random.nextInt(4) > 0) {
                world.log("power", "lost");
                disk.losePower(random);
            }
        });
        life = new RecorderLife(
                world,
                new SimulatedProcess(world, dies ? random.nextInt(1, 600) : Long.MAX_VALUE),
                parts,
                disk,
                nature.remote ? bucket : null,
                server,
                nature.seals,
                acknowledged);
        life.start();
    }

    /** Something that goes wrong, or is over again. */
    private void mishap() {
        int what = random.nextInt(60);
        if (what < 3) {
            world.log("server", server.isUp() ? "stops" : "starts");
            if (server.isUp()) {
                server.stop();
            } else {
                server.start();
            }
        } else if (what == 3) {
            long before = random.nextLong(Math.max(1, cluster.revision() - 20), cluster.revision() + 1);
            world.log("compact", "before " + before);
            cluster.compact(before);
        } else if (what == 4) {
            server.forget();
        } else if (what < 9) {
            if (nature.dear) {
                dearMishap(what < 7);
            }
        } else if (what < 11) {
            bucket.fail(!bucket.isFailing());
        } else if (what < 13) {
            bucket.loseAnswers(!bucket.losesAnswers());
        }
    }

    private void dearMishap(boolean clock) {
        if (clock) {
            long hours = random.nextInt(-1, 2);
            world.log("clock", "jumps by " + hours + " h");
            world.jump(hours * 3_600_000_000_000L);
        } else {
            long room = random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(3_000);
            world.log("disk", "has room for " + room);
            disk.room(room);
        }
    }

    /** A bucket that failed is tried again after half a minute; before, the log is not in it. */
    private int settling() {
        return nature.remote ? 4 * SETTLING : SETTLING;
    }

    /** Nothing goes wrong any more. */
    private int recover() {
        world.log("recover", "");
        disk.room(Long.MAX_VALUE);
        bucket.fail(false);
        bucket.loseAnswers(false);
        if (!server.isUp()) {
            server.start();
        }
        server.calm();
        return 1;
    }
}
