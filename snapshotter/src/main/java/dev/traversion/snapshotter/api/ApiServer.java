/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads from an API server. Safe for concurrent use. */
public final class ApiServer {

    private static final long CONNECT_SECONDS = 60;

    private final HttpClient http;
    private final String root;

    /** @param client gives TLS, credentials and proxies; not closed here */
    public ApiServer(KubernetesClient client) {
        this.http = client.getHttpClient();
        this.root = client.getConfiguration().getMasterUrl().replaceAll("/+$", "");
    }

    /** Receives the bytes of a stream, in order; may block, which holds up the server. */
    @FunctionalInterface
    public interface Bytes {
        void accept(ByteBuffer bytes) throws Exception;
    }

    /** The whole answer to a GET. */
    public Answer get(String path, String accept) throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Exchange exchange = start(path, accept, false, bytes -> append(bytes, body));
        try {
            exchange.done.get(5, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw asIoException(path, e.getCause());
        } catch (TimeoutException e) {
            exchange.body.cancel();
            throw new IOException("no whole answer within 5 minutes to " + path, e);
        }
        return new Answer(path, exchange.status, body.toByteArray(), exchange.retryAfter);
    }

    /** A stream that was accepted. */
    public static final class Stream {
        private final Exchange exchange;

        private Stream(Exchange exchange) {
            this.exchange = exchange;
        }

        /** Waits for its end; throws what a consumer threw, or why it broke. */
        public void await() throws IOException, InterruptedException {
            try {
                exchange.done.get();
            } catch (ExecutionException e) {
                throw asIoException("watch", e.getCause());
            }
        }

        public void cancel() {
            exchange.body.cancel();
            exchange.done.cancel(true);
        }
    }

    /**
     * Starts a stream.
     *
     * @throws RefusedException if the server does not grant it
     */
    public Stream stream(String path, Bytes consumer) throws IOException, InterruptedException {
        ByteArrayOutputStream refusal = new ByteArrayOutputStream();
        Exchange exchange = start(path, "application/json", true, consumer, refusal);
        if (exchange.status != 200) {
            try {
                exchange.done.get(CONNECT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                exchange.body.cancel();
            }
            new Answer(path, exchange.status, refusal.toByteArray(), exchange.retryAfter).orFail();
        }
        return new Stream(exchange);
    }

    private static final class Exchange {
        int status;
        long retryAfter;
        AsyncBody body;
        CompletableFuture<Object> done;
    }

    private Exchange start(String path, String accept, boolean streaming, Bytes consumer)
            throws IOException, InterruptedException {
        return start(path, accept, streaming, consumer, null);
    }

    private Exchange start(String path, String accept, boolean streaming, Bytes consumer, ByteArrayOutputStream refusal)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                http.newHttpRequestBuilder().uri(root + path).header("Accept", accept);
        if (streaming) {
            request.forStreaming();
        }
        CompletableFuture<Void> failed = new CompletableFuture<>();
        CompletableFuture<Integer> status = new CompletableFuture<>();
        CompletableFuture<HttpResponse<AsyncBody>> response = http.consumeBytes(request.build(), (buffers, body) -> {
            try {
                boolean granted = status.get() == 200 || refusal == null;
                for (ByteBuffer buffer : buffers) {
                    if (granted) {
                        consumer.accept(buffer);
                    } else {
                        append(buffer, refusal);
                    }
                }
                body.consume();
            } catch (Throwable e) {
                // The client would only log it: the stream ends with it instead.
                failed.completeExceptionally(e);
                body.cancel();
            }
        });
        Exchange exchange = new Exchange();
        try {
            HttpResponse<AsyncBody> answer = response.get(CONNECT_SECONDS, TimeUnit.SECONDS);
            exchange.status = answer.code();
            exchange.retryAfter = seconds(answer.header("Retry-After"));
            exchange.body = answer.body();
        } catch (ExecutionException e) {
            throw asIoException(path, e.getCause());
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new IOException("no answer within " + CONNECT_SECONDS + " s to " + path, e);
        }
        status.complete(exchange.status);
        exchange.done = CompletableFuture.anyOf(failed, exchange.body.done());
        exchange.body.consume();
        return exchange;
    }

    private static void append(ByteBuffer bytes, ByteArrayOutputStream target) {
        byte[] chunk = new byte[bytes.remaining()];
        bytes.get(chunk);
        target.write(chunk, 0, chunk.length);
    }

    private static long seconds(String retryAfter) {
        return retryAfter != null && retryAfter.matches("\\d{1,4}") ? Long.parseLong(retryAfter) : 0;
    }

    private static IOException asIoException(String path, Throwable cause) {
        if (cause instanceof IOException io) {
            return io;
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new IOException(path + ": " + message, cause);
    }
}
