/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/**
 * What a recorder needs to go on by itself: a clock that never jumps, waiting, threads and chance. Everything that waits for time
 * to pass does so here, so a simulation can decide when it passes and who runs next. Safe for concurrent use.
 */
public interface Execution {

    /** That of this machine. */
    Execution SYSTEM = new SystemExecution();

    /** As {@link System#nanoTime()}. */
    long nanoTime();

    void sleep(long millis) throws InterruptedException;

    /**
     * Waits for a latch.
     *
     * @return false if that takes longer
     */
    boolean await(CountDownLatch latch, long millis) throws InterruptedException;

    /** A thread that is not started. */
    Thread thread(String name, Runnable task);

    /** For what must not happen at the same time everywhere. */
    RandomGenerator random();
}
