/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.store.FileStore;
import dev.traversion.snapshotter.simulation.disk.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A recorder that is killed while it records what nobody recorded for a while, at each of its steps: whoever comes next goes on from
 * there. Nothing may be missing, not even in a gap, as long as etcd has it.
 */
class KilledWhileHealingTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long SEED = 20_261_128;

    /** More than it takes to heal what is missed here. */
    private static final int MOST_STEPS = 5_000;

    @Test
    void nothingIsMissingWhereverItIsKilled() throws Exception {
        int steps = 1;
        while (steps < MOST_STEPS && new Run(steps).isKilledInTime()) {
            steps++;
        }
        System.out.println("killed at each of " + (steps - 1) + " steps");
        assertThat(steps).as("steps until everything is healed").isBetween(20, MOST_STEPS - 1);
    }

    private static final class Run {

        private final int steps;
        private final World world = new World(SEED, null);
        private final SimulatedDisk disk = new SimulatedDisk();
        private final SimulatedCluster cluster = new SimulatedCluster();
        private final SimulatedServer server = new SimulatedServer(cluster, true, false);
        private final List<Change> acknowledged = new ArrayList<>();
        private long listed;
        private boolean killed;

        /** @param steps after how many the second recorder is killed */
        Run(int steps) {
            this.steps = steps;
        }

        /** Whether it was killed before everything was healed. */
        boolean isKilledInTime() throws Exception {
            Thread thread = world.scheduler().thread("world", this::live);
            thread.start();
            world.scheduler().run(() -> !thread.isAlive());
            assertThat(world.broken())
                    .as("what broke, killed at step %d", steps)
                    .isNull();
            try (FileStore store = new FileStore(disk.mount((_, _) -> {}).getPath("/recording"))) {
                Judge judge = new Judge(
                        cluster, acknowledged, store, disk.mount((_, _) -> {}).getPath("/cache"), world.random());
                judge.judge(false);
                judge.everythingIsThereSince(listed, "killed at step " + steps);
            }
            return killed;
        }

        private void live() {
            try {
                RecorderLife first = life(Long.MAX_VALUE);
                untilObserving(first);
                listed = cluster.revision();
                change(3);
                world.scheduler().sleep(12 * SECOND);
                end(first);

                server.stop();
                change(12);
                server.start();
                RecorderLife second = life(steps);
                untilObserving(second);
                killed = second.process().isDead();
                end(second);

                RecorderLife third = life(Long.MAX_VALUE);
                untilObserving(third);
                world.scheduler().sleep(12 * SECOND);
                end(third);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void change(int count) {
            for (int i = 0; i < count; i++) {
                cluster.change(world.random());
            }
        }

        private RecorderLife life(long operations) {
            world.whenProcessDies(disk::unlock);
            RecorderLife life = new RecorderLife(
                    world,
                    new SimulatedProcess(world, operations),
                    new Parts(),
                    disk,
                    null,
                    server,
                    false,
                    acknowledged);
            life.start();
            return life;
        }

        private void untilObserving(RecorderLife life) throws InterruptedException {
            while (!life.isObserving() && !life.process().isDead()) {
                world.scheduler().sleep(SECOND / 10);
            }
        }

        private void end(RecorderLife life) throws InterruptedException {
            life.process().kill("by the test");
            while (life.process().isRunning()) {
                world.scheduler().sleep(1_000_000);
            }
        }
    }
}
