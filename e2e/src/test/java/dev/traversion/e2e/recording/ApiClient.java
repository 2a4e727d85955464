/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.recording;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Plain requests to an API server, live or past, with what a kubeconfig says about reaching it. */
public final class ApiClient implements AutoCloseable {

    /** @param body as sent, not parsed: the comparison is of bytes */
    public record Answer(int status, String body) {}

    private final KubernetesClient client;
    private final String root;

    public ApiClient(Path kubeconfig) {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        config.setRequestRetryBackoffLimit(0);
        this.client = new KubernetesClientBuilder().withConfig(config).build();
        this.root = config.getMasterUrl().replaceAll("/+$", "");
    }

    public Answer get(String path) throws Exception {
        return send(request(root + path));
    }

    /** The same request to the same server, but at another moment. Only for servers of the past. */
    public Answer getAt(Instant moment, String path) throws Exception {
        return send(request(root.replaceAll("/at/[^/]+$", "/at/" + moment) + path));
    }

    public Answer send(String method, String contentType, String path, String body) throws Exception {
        return send(request(root + path).method(method, contentType, body));
    }

    /** Reads an answer to its end without keeping it; its length in bytes. */
    public long drain(String path, String accept) throws Exception {
        AtomicLong bytes = new AtomicLong();
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(URI.create(root + path))
                .header("Accept", accept)
                .forStreaming()
                .build();
        HttpResponse<AsyncBody> response = client.getHttpClient()
                .consumeBytes(request, (buffers, body) -> {
                    buffers.forEach(buffer -> bytes.addAndGet(buffer.remaining()));
                    body.consume();
                })
                .get(1, TimeUnit.MINUTES);
        if (response.code() != 200) {
            throw new IllegalStateException(path + ": status " + response.code());
        }
        response.body().consume();
        response.body().done().get(5, TimeUnit.MINUTES);
        return bytes.get();
    }

    private HttpRequest.Builder request(String uri) {
        return client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(URI.create(uri))
                .header("Accept", "application/json");
    }

    private Answer send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response =
                client.getHttpClient().sendAsync(request.build(), String.class).get(1, TimeUnit.MINUTES);
        return new Answer(response.code(), response.body());
    }

    @Override
    public void close() {
        client.close();
    }
}
