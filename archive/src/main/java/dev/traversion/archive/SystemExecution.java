/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Runs on the machine's own clock and threads. */
final class SystemExecution implements Execution {

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void sleep(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    @Override
    public boolean await(CountDownLatch latch, long millis) throws InterruptedException {
        return latch.await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().name(name).unstarted(task);
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }
}
