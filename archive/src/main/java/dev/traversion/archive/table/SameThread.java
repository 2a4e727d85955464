/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.table;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs what it is given at once. Our commits read a handful of small manifests: Iceberg's own pool would poll for them every ten
 * milliseconds, and does its work on threads that outlive a recorder.
 */
final class SameThread extends AbstractExecutorService {

    static final ExecutorService EXECUTOR = new SameThread();

    private SameThread() {}

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
