/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.sun.net.httpserver.HttpExchange;
import dev.traversion.archive.TraversionException;
import io.prometheus.metrics.exporter.httpserver.DefaultHandler;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Where Prometheus asks: what {@code --metrics-port} and {@code --metrics-address} say. */
final class MetricsServer {

    private static final String METRICS = "/metrics";

    private MetricsServer() {}

    /**
     * Starts one.
     *
     * @param port null for none
     * @param address {@code ""} for loopback
     * @param ready what {@code /-/ready} answers, with 200 or 503, as Prometheus itself does
     * @return null if there is to be none
     */
    static HTTPServer start(Integer port, String address, PrometheusRegistry registry, BooleanSupplier ready) {
        if (port == null) {
            return null;
        }
        try {
            return HTTPServer.builder()
                    .inetAddress(address.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(address))
                    .port(port)
                    .registry(registry)
                    .defaultHandler(exchange -> handle(exchange, ready))
                    .buildAndStart();
        } catch (IOException e) {
            throw new TraversionException(
                    "Cannot serve metrics on port " + port + ": " + e.getMessage()
                            + ". Choose another --metrics-port, or --metrics-address.",
                    e);
        }
    }

    private static void handle(HttpExchange exchange, BooleanSupplier ready) throws IOException {
        if (!exchange.getRequestURI().getPath().equals("/-/ready")) {
            new DefaultHandler(METRICS).handle(exchange);
            return;
        }
        boolean isReady = ready.getAsBoolean();
        byte[] answer = (isReady ? "Ready.\n" : "Not ready yet.\n").getBytes(StandardCharsets.US_ASCII);
        try (exchange) {
            exchange.sendResponseHeaders(
                    isReady ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }
}
