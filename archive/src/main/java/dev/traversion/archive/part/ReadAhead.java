/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that decompress ahead of readers: one per core but one, and none while nothing is read. */
final class ReadAhead {

    static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

    private static final ExecutorService POOL = newPool();

    private ReadAhead() {}

    private static ExecutorService newPool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> Thread.ofPlatform()
                        .name("part-read-ahead")
                        .daemon()
                        .unstarted(task));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    static void execute(Runnable task) {
        POOL.execute(task);
    }
}
