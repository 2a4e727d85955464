/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.traversion.daemonset.upload.Upload;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells over HTTP how an agent is doing: {@code /metrics} for Prometheus, {@code /healthz} for the kubelet (503 if the agent does not drain
 * any more), and {@code /problems}, a sentence a line on what cannot be recorded here, nothing if all is well.
 */
final class AgentServer implements AutoCloseable {

    private static final long WELL_NANOS = 30_000_000_000L;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;

    private AgentServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts it.
     *
     * @param port 0 for none
     * @param upload null if there is none
     * @param lastFlush when the agent wrote last, of {@link System#nanoTime}
     * @return null if there is none
     */
    static AgentServer start(int port, Agent agent, Upload upload, AtomicLong lastFlush) throws IOException {
        if (port == 0) {
            return null;
        }
        PrometheusRegistry registry = new PrometheusRegistry();
        new AgentMetrics(registry, agent, upload);
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/metrics", new MetricsHandler(registry));
        server.createContext("/healthz", exchange -> {
            boolean isWell = System.nanoTime() - lastFlush.get() < WELL_NANOS;
            String problem = upload == null || upload.problem().isEmpty() ? "" : "; upload: " + upload.problem();
            answer(exchange, isWell ? OK : UNAVAILABLE, (isWell ? "ok" : "the agent does not drain") + problem + "\n");
        });
        server.createContext("/problems", exchange -> {
            List<String> problems = new ArrayList<>(agent.problems());
            if (upload != null && !upload.problem().isEmpty()) {
                problems.add("Nothing is uploaded: " + upload.problem());
            }
            if (!agent.logProblem().isEmpty()) {
                problems.add("No logs are recorded: " + agent.logProblem());
            }
            StringBuilder lines = new StringBuilder();
            problems.forEach(
                    each -> lines.append(each.lines().findFirst().orElse("")).append('\n'));
            answer(exchange, OK, lines.toString());
        });
        server.start();
        return new AgentServer(server);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
