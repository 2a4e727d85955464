/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.bench;

import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.testing.KeyPairFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Sends what an API server would send: discovery, streamed lists, and watches with a chunk and a flush an event, over TLS. A process
 * of its own, so that its CPU time is not counted; told on its standard input what to do:
 *
 * <pre>
 * load OBJECTS CHANGES RATE   prepares; RATE changes a second, or as fast as the client takes them if it is 0
 * go                          sends the changes
 * </pre>
 */
final class WatchServer {

    /** Go's HTTP server writes through a buffer of this size. */
    private static final int GO_BUFFER = 4 << 10;

    private static final long BOOKMARK_MILLIS = 1_000;

    private static final Map<String, String> KINDS = new HashMap<>(Map.of(
            "pods", "Pod",
            "nodes", "Node",
            "events", "Event",
            "configmaps", "ConfigMap",
            "leases", "Lease",
            "deployments", "Deployment",
            "endpointslices", "EndpointSlice"));

    private record Phase(WatchLoad load, int rate, CountDownLatch go, long[] start, AtomicBoolean over) {}

    private volatile Phase phase;

    /** @param arguments a key store */
    public static void main(String[] arguments) throws Exception {
        SSLContext tls = new KeyPairFile(Path.of(arguments[0])).server(null);
        SSLServerSocket listening = (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        WatchServer server = new WatchServer();
        Thread.ofPlatform().daemon().start(() -> server.accept(listening));
        System.out.println("port " + listening.getLocalPort());
        server.obey();
    }

    private void obey() throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            List<String> words = List.of(command.split(" "));
            if (words.getFirst().equals("load")) {
                if (phase != null) {
                    phase.over.set(true);
                    phase = null;
                }
                System.gc();
                WatchLoad load = new WatchLoad(Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)));
                phase = new Phase(
                        load, Integer.parseInt(words.get(3)), new CountDownLatch(1), new long[1], new AtomicBoolean());
                System.out.println("loaded " + load.objects() + " " + load.bytes() / (load.objects() + load.changes()));
            } else {
                phase.start[0] = System.nanoTime();
                phase.go.countDown();
            }
        }
    }

    private void accept(SSLServerSocket listening) {
        while (true) {
            try {
                Socket socket = listening.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), GO_BUFFER);
            for (String path = request(in); path != null; path = request(in)) {
                if (path.contains("watch=true")) {
                    watch(path.substring(path.lastIndexOf('/', path.indexOf('?')) + 1, path.indexOf('?')), out);
                    return;
                }
                answer(path, out);
            }
        } catch (IOException e) {
            // The client went away.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The path of the next request; null at the end. */
    private static String request(InputStream in) throws IOException {
        String path = null;
        for (String line = line(in); line != null; line = line(in)) {
            if (line.isEmpty()) {
                return path;
            }
            path = path == null ? line.split(" ")[1] : path;
        }
        return null;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private void answer(String path, OutputStream out) throws IOException {
        String body =
                switch (path) {
                    case "/version" -> "{\"major\":\"1\",\"minor\":\"34\"}";
                    case "/api" -> discovery(true);
                    case "/apis" -> discovery(false);
                    default -> "";
                };
        write(
                out,
                "HTTP/1.1 " + (body.isEmpty() ? "404 Not Found" : "200 OK") + "\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        out.flush();
    }

    private String discovery(boolean core) {
        StringBuilder groups = new StringBuilder();
        for (ResourceType type : phase.load.resources().keySet()) {
            if (type.group().isEmpty() == core) {
                groups.append(groups.isEmpty() ? "" : ",").append("""
                        {"metadata":{"name":"%s"},"versions":[{"version":"v1","resources":[{"resource":"%s","responseKind":
                        {"kind":"%s"},"scope":"%s","verbs":["get","list","watch"]}],"freshness":"Current"}]}
                        """.formatted(
                                type.group(),
                                type.resource(),
                                KINDS.get(type.resource()),
                                type.resource().equals("nodes") ? "Cluster" : "Namespaced"));
            }
        }
        return "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"items\":[" + groups
                + "]}";
    }

    private void watch(String name, OutputStream out) throws IOException, InterruptedException {
        Phase mine = phase;
        WatchLoad.Resource resource = mine.load.resources().entrySet().stream()
                .filter(each -> each.getKey().resource().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
        write(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (WatchLoad.Event event : resource.initial()) {
            chunk(out, event.line());
        }
        bookmark(out, "1", "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"},");
        mine.go.await();
        for (WatchLoad.Event event : resource.changes()) {
            if (mine.rate > 0) {
                long due = mine.start[0] + event.number() * TimeUnit.SECONDS.toNanos(1) / mine.rate;
                for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                    TimeUnit.NANOSECONDS.sleep(due - now);
                }
            }
            chunk(out, event.line());
        }
        while (!mine.over.get()) {
            bookmark(out, resource.lastVersion(), "");
            Thread.sleep(BOOKMARK_MILLIS);
        }
    }

    private static void bookmark(OutputStream out, String version, String annotations) throws IOException {
        chunk(
                out,
                ("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"\",\"apiVersion\":\"v1\",\"metadata\":{" + annotations
                                + "\"resourceVersion\":\"" + version + "\"}}}\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static void chunk(OutputStream out, byte[] line) throws IOException {
        write(out, Integer.toHexString(line.length) + "\r\n");
        out.write(line);
        write(out, "\r\n");
        out.flush();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
