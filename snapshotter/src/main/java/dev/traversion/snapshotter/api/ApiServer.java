/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
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
public final class ApiServer implements ApiReads, AutoCloseable {

    private static final long CONNECT_SECONDS = 60;
    private static final long ANSWER_SECONDS = 300;

    private final KubernetesClient client;
    private final HttpClient http;
    private final String root;
    private volatile long lastHeard = System.nanoTime();

    /**
     * Connects as a client does.
     *
     * @param client gives the address, TLS, credentials and proxies; not closed here
     */
    public ApiServer(KubernetesClient client) {
        // HTTP/1.1, because the JDK's HTTP/2 client refuses more than a hundred streams to a server. And without the
        // client's own retries: refusals and broken connections are to be seen, not waited for.
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(client.getConfiguration())
                        .withHttp2Disable(true)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        this.http = this.client.getHttpClient();
        this.root = client.getConfiguration().getMasterUrl().replaceAll("/+$", "");
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public Answer get(String path, String accept) throws IOException, InterruptedException {
        return get(path, accept, CONNECT_SECONDS, ANSWER_SECONDS);
    }

    private Answer get(String path, String accept, long connectSeconds, long answerSeconds)
            throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Exchange exchange = start(path, accept, connectSeconds, false, bytes -> append(bytes, body), null);
        if (!exchange.await(answerSeconds)) {
            throw new IOException("no whole answer within " + answerSeconds + " s to " + path);
        }
        return new Answer(path, exchange.status(), body.toByteArray(), exchange.retryAfter());
    }

    @Override
    public boolean isReachable() throws InterruptedException {
        if (System.nanoTime() - lastHeard < TimeUnit.SECONDS.toNanos(1)) {
            return true;
        }
        try {
            return get("/version", "application/json", 5, 5).status() < 500;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Stream stream(String path, Bytes consumer) throws IOException, InterruptedException {
        ByteArrayOutputStream refusal = new ByteArrayOutputStream();
        Exchange exchange = start(path, "application/json", CONNECT_SECONDS, true, consumer, refusal);
        if (exchange.status() != 200) {
            exchange.await(CONNECT_SECONDS);
            new Answer(path, exchange.status(), refusal.toByteArray(), exchange.retryAfter()).orFail();
        }
        return exchange;
    }

    private Exchange start(
            String path,
            String accept,
            long connectSeconds,
            boolean streaming,
            Bytes consumer,
            ByteArrayOutputStream refusal)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                http.newHttpRequestBuilder().uri(root + path).header("Accept", accept);
        if (streaming) {
            request.forStreaming();
        }
        Exchange exchange = new Exchange(path);
        CompletableFuture<HttpResponse<AsyncBody>> response = http.consumeBytes(
                request.build(),
                (buffers, body) -> exchange.deliver(body, () -> {
                    lastHeard = System.nanoTime();
                    boolean granted = refusal == null || exchange.status() == 200;
                    for (ByteBuffer buffer : buffers) {
                        if (granted) {
                            consumer.accept(buffer);
                        } else {
                            append(buffer, refusal);
                        }
                    }
                }));
        HttpResponse<AsyncBody> answer;
        try {
            answer = response.get(connectSeconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw Exchange.asIoException(path, e.getCause());
        } catch (TimeoutException e) {
            abandon(response);
            throw new IOException("no answer within " + connectSeconds + " s to " + path, e);
        }
        exchange.begin(answer);
        return exchange;
    }

    /** An answer that still comes is not read. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void abandon(CompletableFuture<HttpResponse<AsyncBody>> response) {
        response.thenAccept(late -> late.body().cancel());
    }

    private static void append(ByteBuffer bytes, ByteArrayOutputStream target) {
        byte[] chunk = new byte[bytes.remaining()];
        bytes.get(chunk);
        target.write(chunk, 0, chunk.length);
    }
}
