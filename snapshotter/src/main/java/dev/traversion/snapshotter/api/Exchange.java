/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import dev.traversion.archive.TraversionException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/** A request and the body that comes back, until one side ends it. */
final class Exchange implements ApiReads.Stream {

    /** What is done with bytes that came. */
    @FunctionalInterface
    interface Delivery {
        void run() throws Exception;
    }

    private final String path;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final ReentrantLock delivering = new ReentrantLock();
    private boolean ended;
    private volatile HttpResponse<AsyncBody> response;

    Exchange(String path) {
        this.path = path;
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    void begin(HttpResponse<AsyncBody> answer) {
        response = answer;
        answer.body().done().whenComplete((nothing, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        answer.body().consume();
    }

    int status() {
        return response.code();
    }

    /** Seconds; 0 if the server did not ask to wait. */
    long retryAfter() {
        String seconds = response.header("Retry-After");
        return seconds != null && seconds.matches("\\d{1,4}") ? Long.parseLong(seconds) : 0;
    }

    /** Hands on what came, and only then asks for more. */
    void deliver(AsyncBody body, Delivery delivery) {
        delivering.lock();
        try {
            if (ended) {
                body.cancel();
                return;
            }
            delivery.run();
            body.consume();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(body, e);
        } catch (Throwable e) {
            // The HTTP client would only log it.
            fail(body, e);
        } finally {
            delivering.unlock();
        }
    }

    private void fail(AsyncBody body, Throwable cause) {
        ended = true;
        done.completeExceptionally(cause);
        body.cancel();
    }

    @Override
    public void await() throws IOException, InterruptedException {
        await(Long.MAX_VALUE);
    }

    @Override
    public void cancel() {
        done.cancel(false);
        if (response != null) {
            response.body().cancel();
        }
    }

    /**
     * Waits for the end; nothing is delivered after this returns or throws.
     *
     * @return false if it took longer, and was cancelled therefore
     */
    boolean await(long seconds) throws IOException, InterruptedException {
        try {
            done.get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (CancellationException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw asIoException(path, e.getCause());
        } finally {
            cancel();
            end();
        }
    }

    /** Waits for what is being delivered; nothing is afterwards. */
    private void end() {
        delivering.lock();
        try {
            ended = true;
        } finally {
            delivering.unlock();
        }
    }

    /** @throws TraversionException if that is the cause: recording itself failed, not the exchange */
    static IOException asIoException(String path, Throwable cause) {
        if (cause instanceof CompletionException wrapped && wrapped.getCause() != null) {
            return asIoException(path, wrapped.getCause());
        }
        if (cause instanceof TraversionException failure) {
            throw failure;
        }
        if (cause instanceof IOException io) {
            return io;
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new IOException(path + ": " + message, cause);
    }
}
