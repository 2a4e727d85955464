/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;

/** Where Prometheus asks: what {@code --metrics-port} and {@code --metrics-address} say. */
final class MetricsServer {

    private MetricsServer() {}

    /**
     * Starts one.
     *
     * @param port null for none
     * @param address {@code ""} for loopback
     * @return null if there is to be none
     */
    static HTTPServer start(Integer port, String address, PrometheusRegistry registry) {
        if (port == null) {
            return null;
        }
        try {
            return HTTPServer.builder()
                    .inetAddress(address.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(address))
                    .port(port)
                    .registry(registry)
                    .buildAndStart();
        } catch (IOException e) {
            throw new TraversionException(
                    "Cannot serve metrics on port " + port + ": " + e.getMessage()
                            + ". Choose another --metrics-port, or --metrics-address.",
                    e);
        }
    }
}
