/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Decides what MinIO lets its users do, as its policy plugin: everything, or everything but writing objects. */
final class WriteGuard implements AutoCloseable {

    private static final Set<String> WRITES = Set.of("s3:PutObject");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile boolean isWritable = true;

    WriteGuard() throws IOException {
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::decide);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Lets objects be written, or not any more. */
    void allow(boolean writing) {
        isWritable = writing;
    }

    private void decide(HttpExchange exchange) throws IOException {
        String action = new ObjectMapper()
                .readTree(exchange.getRequestBody())
                .path("input")
                .path("action")
                .asText();
        byte[] answer =
                ("{\"result\":" + (isWritable || !WRITES.contains(action)) + "}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
