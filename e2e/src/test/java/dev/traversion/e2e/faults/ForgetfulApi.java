/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.rewind.KubectlProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to an API server whose watches never expire: where the server says 410, it goes on from now without a word. Behind it a
 * snapshotter is one that heals nothing and tells nothing.
 */
final class ForgetfulApi implements AutoCloseable {

    private final KubectlProxy proxy;
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger forgotten = new AtomicInteger();

    ForgetfulApi(ControlPlane plane) throws IOException {
        proxy = KubectlProxy.start(plane.kubectl());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    Path kubeconfig(Path directory) throws IOException {
        return Files.writeString(directory.resolve("forgetful.kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: forgetful, cluster: {server: "http://%s:%d"}}]
                contexts: [{name: forgetful, context: {cluster: forgetful, user: nobody}}]
                users: [{name: nobody, user: {}}]
                current-context: forgetful
                """.formatted(
                        InetAddress.getLoopbackAddress().getHostAddress(),
                        server.getAddress().getPort()));
    }

    /** How many watches should have expired. */
    int forgotten() {
        return forgotten.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            String accept = exchange.getRequestHeaders().getFirst("Accept");
            HttpResponse<InputStream> answer = get(uri.toString(), accept);
            if (answer.statusCode() == 410) {
                answer = get(fromNow(uri), accept);
            }
            try (InputStream in = answer.body()) {
                answer.headers().firstValue("Content-Type").ifPresent(type -> exchange.getResponseHeaders()
                        .set("Content-Type", type));
                exchange.sendResponseHeaders(answer.statusCode(), 0);
                if (String.valueOf(uri.getQuery()).contains("watch=true")) {
                    forward(in, uri, accept, exchange.getResponseBody());
                } else {
                    in.transferTo(exchange.getResponseBody());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forward(InputStream in, URI uri, String accept, OutputStream out)
            throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains("\"type\":\"ERROR\"") && line.contains("\"code\":410")) {
                forward(get(fromNow(uri), accept).body(), uri, accept, out);
                return;
            }
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private String fromNow(URI uri) {
        forgotten.incrementAndGet();
        return uri.toString().replaceFirst("[?&]resourceVersion=\\d+", "");
    }

    private HttpResponse<InputStream> get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(proxy.server().resolve(path));
        if (accept != null) {
            request.header("Accept", accept);
        }
        return client.send(request.build(), BodyHandlers.ofInputStream());
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
        proxy.close();
    }
}
