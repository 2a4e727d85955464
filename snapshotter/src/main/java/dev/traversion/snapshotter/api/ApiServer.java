/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;

/** Reads from an API server, on the caller's thread. Safe for concurrent use. */
public final class ApiServer implements ApiReads, AutoCloseable {

    private static final long CONNECT_SECONDS = 60;
    private static final long ANSWER_SECONDS = 300;
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int MOST_REFUSAL_BYTES = 1 << 20;

    private final OkHttpClient http;
    private final Signing signing;
    private final String root;
    private final Deadlines deadlines = new Deadlines();
    private volatile long lastHeard = System.nanoTime();

    /**
     * Connects as a client does.
     *
     * @param client gives the address, TLS, credentials and proxies; not closed here
     */
    public ApiServer(KubernetesClient client) {
        Config config = new ConfigBuilder(client.getConfiguration()).build();
        Connections connections = Connections.of(config);
        this.http = connections.open(config.isTrustCerts() || config.isDisableHostnameVerification());
        this.signing = new Signing(connections.signing(), config.getRequestConfig());
        this.root = config.getMasterUrl().replaceAll("/+$", "");
    }

    /** Lets go of the connections. */
    @Override
    public void close() {
        deadlines.close();
        http.connectionPool().evictAll();
    }

    @Override
    public Answer get(String path, String accept) throws IOException, InterruptedException {
        return get(path, accept, CONNECT_SECONDS, ANSWER_SECONDS);
    }

    private Answer get(String path, String accept, long connectSeconds, long answerSeconds)
            throws IOException, InterruptedException {
        try (Exchange exchange = start(path, accept, connectSeconds)) {
            return deadlines.within(answerSeconds, path, exchange.call(), () -> exchange.answer(Integer.MAX_VALUE));
        }
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
        Exchange exchange = start(path, "application/json", CONNECT_SECONDS);
        if (exchange.status() != OK) {
            try (exchange) {
                deadlines
                        .within(CONNECT_SECONDS, path, exchange.call(), () -> exchange.answer(MOST_REFUSAL_BYTES))
                        .orFail();
            }
        }
        return exchange.to(consumer);
    }

    /** Sends a request until its answer begins, and once more if the credentials had to be renewed. */
    private Exchange start(String path, String accept, long seconds) throws IOException, InterruptedException {
        Signing.Signed request = signing.get(root + path, accept);
        Exchange exchange = send(request, path, seconds);
        if (exchange.status() == UNAUTHORIZED && request.renew(UNAUTHORIZED)) {
            exchange.close();
            return send(request, path, seconds);
        }
        return exchange;
    }

    private Exchange send(Signing.Signed request, String path, long seconds) throws IOException {
        Call call = http.newCall(request.request());
        return deadlines.within(
                seconds,
                path,
                call,
                () -> new Exchange(path, call, call.execute(), () -> lastHeard = System.nanoTime()));
    }
}
