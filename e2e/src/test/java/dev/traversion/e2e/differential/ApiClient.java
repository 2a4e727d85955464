/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Plain requests to an API server, live or past, with what a kubeconfig says about reaching it. */
final class ApiClient implements AutoCloseable {

    /** @param body as sent, not parsed: the comparison is of bytes */
    record Answer(int status, String body) {}

    private final KubernetesClient client;
    private final String root;

    ApiClient(Path kubeconfig) {
        Config config = Config.fromKubeconfig(new File(kubeconfig.toString()));
        config.setRequestRetryBackoffLimit(0);
        this.client = new KubernetesClientBuilder().withConfig(config).build();
        this.root = config.getMasterUrl().replaceAll("/+$", "");
    }

    Answer get(String path) throws Exception {
        return send(request(root + path));
    }

    /** The same request to the same server, but at another moment. Only for servers of the past. */
    Answer getAt(Instant moment, String path) throws Exception {
        return send(request(root.replaceAll("/at/[^/]+$", "/at/" + moment) + path));
    }

    Answer send(String method, String contentType, String path, String body) throws Exception {
        return send(request(root + path).method(method, contentType, body));
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
