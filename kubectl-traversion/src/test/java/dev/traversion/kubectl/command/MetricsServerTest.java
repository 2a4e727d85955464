/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

    @Test
    void tellsWhetherItIsReadyBesideTheMetrics() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        Counter.builder().name("seen").register(registry).inc();
        AtomicBoolean ready = new AtomicBoolean();
        try (HTTPServer server = MetricsServer.start(0, "", registry, ready::get)) {
            assertThat(get(server, "/-/ready").statusCode()).isEqualTo(503);
            assertThat(get(server, "/-/healthy").statusCode()).isEqualTo(200);
            assertThat(get(server, "/metrics").body()).contains("seen_total 1.0");
            assertThat(get(server, "/").body()).contains("/metrics");
            ready.set(true);
            assertThat(get(server, "/-/ready").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(HTTPServer server, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.getPort() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
