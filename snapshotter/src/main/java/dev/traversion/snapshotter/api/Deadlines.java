/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;

/** Cuts calls that take too long: OkHttp's own limits also hold for the body, and a watch has no end. */
final class Deadlines implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("deadlines").daemon().factory());

    Deadlines() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Something that waits for the server. */
    @FunctionalInterface
    interface Wait<T> {
        T get() throws IOException;
    }

    /** Waits, but not longer than so many seconds. */
    <T> T within(long seconds, String path, Call call, Wait<T> wait) throws IOException {
        boolean[] passed = {false};
        ScheduledFuture<?> cut = timer.schedule(
                () -> {
                    synchronized (passed) {
                        passed[0] = true;
                    }
                    call.cancel();
                },
                seconds,
                TimeUnit.SECONDS);
        try {
            return wait.get();
        } catch (IOException e) {
            synchronized (passed) {
                throw passed[0] ? new IOException("no answer within " + seconds + " s to " + path, e) : e;
            }
        } finally {
            cut.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
