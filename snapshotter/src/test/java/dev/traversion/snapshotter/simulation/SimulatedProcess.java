/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/** A process, until it is killed: then whatever its threads try throws {@link Killed}. */
final class SimulatedProcess implements Execution {

    private final World world;
    private final List<Thread> threads = new ArrayList<>();
    private boolean dead;
    private long operationsLeft;

    /** @param operationsLeft after how many operations it is killed */
    SimulatedProcess(World world, long operationsLeft) {
        this.world = world;
        this.operationsLeft = operationsLeft;
    }

    boolean isDead() {
        return dead;
    }

    /** Kills it. What it did on the disk stays, unless the power fails as well. */
    void kill(String how) {
        if (!dead) {
            dead = true;
            world.log("killed", how);
            world.processDied();
            threads.forEach(Thread::interrupt);
        }
    }

    /** To be called whenever it does something that could be its last. */
    void step(String operation, String what) {
        check();
        world.log(operation, what);
        if (--operationsLeft == 0) {
            kill("at " + operation);
            throw new Killed();
        }
    }

    void check() {
        if (dead) {
            throw new Killed();
        }
    }

    @Override
    public long nanoTime() {
        return world.scheduler().now();
    }

    @Override
    public void sleep(long millis) throws InterruptedException {
        check();
        try {
            world.scheduler().sleep(millis * 1_000_000);
        } catch (InterruptedException e) {
            check();
            throw e;
        }
        check();
    }

    @Override
    public boolean await(CountDownLatch latch, long millis) throws InterruptedException {
        if (latch.getCount() > 0) {
            sleep(millis);
        }
        return latch.getCount() == 0;
    }

    @Override
    public Thread thread(String name, Runnable task) {
        check();
        Thread thread = world.scheduler().thread(name, () -> {
            try {
                task.run();
            } catch (Killed e) {
                // As it should be.
            } catch (RuntimeException | Error e) {
                if (!dead) {
                    world.broken("a thread of the recorder ends by itself: " + name, e);
                }
            }
        });
        threads.add(thread);
        return thread;
    }

    @Override
    public RandomGenerator random() {
        return world.random();
    }

    /** Whether any thread has not ended. */
    boolean isRunning() {
        return threads.stream().anyMatch(Thread::isAlive);
    }
}
