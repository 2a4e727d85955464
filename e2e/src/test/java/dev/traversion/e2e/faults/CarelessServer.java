/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * As little of S3 as a recorder needs, which overwrites objects whatever {@code If-None-Match} says: no real server at hand does. It believes
 * everybody.
 */
final class CarelessServer implements AutoCloseable {

    private static final String META = "x-amz-meta-";

    private record Stored(byte[] content, Map<String, String> metadata) {}

    private final HttpServer server;
    private final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    private volatile boolean obeying;

    CarelessServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Whether it honours conditions from now on. */
    void obey(boolean obeys) {
        obeying = obeys;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = exchange.getRequestURI().getPath().replaceFirst("^/bucket/?", "");
            byte[] sent = exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestMethod()) {
                case "PUT" -> put(exchange, key, sent);
                case "DELETE" -> {
                    objects.remove(key);
                    exchange.sendResponseHeaders(204, -1);
                }
                default -> {
                    if (key.isEmpty()) {
                        list(exchange);
                    } else {
                        get(exchange, key);
                    }
                }
            }
        }
    }

    private void put(HttpExchange exchange, String key, byte[] sent) throws IOException {
        boolean conditional = exchange.getRequestHeaders().containsKey("If-None-Match");
        if (obeying && conditional && objects.containsKey(key)) {
            send(exchange, 412, error("PreconditionFailed"));
            return;
        }
        Map<String, String> metadata = new ConcurrentHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.toLowerCase(java.util.Locale.ROOT).startsWith(META)) {
                metadata.put(name, values.getFirst());
            }
        });
        objects.put(key, new Stored(sent, metadata));
        exchange.getResponseHeaders().set("ETag", "\"0\"");
        exchange.sendResponseHeaders(200, -1);
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        Stored stored = objects.get(key);
        if (stored == null) {
            send(exchange, 404, error("NoSuchKey"));
            return;
        }
        stored.metadata().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("ETag", "\"0\"");
        exchange.getResponseHeaders().set("Last-Modified", "Sun, 01 Mar 2026 08:00:00 GMT");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(stored.content().length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, stored.content().length == 0 ? -1 : stored.content().length);
            exchange.getResponseBody().write(stored.content());
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String prefix = query.replaceFirst(".*(^|&)prefix=", "").replaceFirst("&.*", "");
        StringBuilder xml = new StringBuilder("<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>");
        objects.tailMap(prefix).forEach((key, stored) -> {
            if (key.startsWith(prefix)) {
                xml.append("<Contents><Key>")
                        .append(key)
                        .append("</Key><LastModified>2026-03-01T08:00:00.000Z</LastModified><ETag>0</ETag><Size>")
                        .append(stored.content().length)
                        .append("</Size></Contents>");
            }
        });
        send(exchange, 200, xml.append("</ListBucketResult>").toString());
    }

    private static String error(String code) {
        return "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>";
    }

    private static void send(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] body = xml.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
