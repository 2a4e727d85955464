/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.snapshotter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.rewind.tls.OwnCertificate;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An API server of its own, behind the cluster's: {@code odd.test/v1}, resource {@code oddities}, which says whatever it is told to. */
final class AggregatedApi implements AutoCloseable {

    /** What ends the watch it is written to. */
    static final byte[] CUT = {};

    private final HttpsServer server;
    private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
    private volatile byte[] list = list("1");
    private volatile String watchedFrom = "";

    AggregatedApi(ControlPlane plane) throws IOException, GeneralSecurityException {
        OwnCertificate certificate = OwnCertificate.create(Instant.now(), Duration.ofDays(1), List.of());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate.keyStore(), certificate.password());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        // Endpoints cannot be on loopback addresses.
        String host = URI.create(
                        Config.fromKubeconfig(plane.kubeconfig().toFile()).getMasterUrl())
                .getHost();
        server = HttpsServer.create(new InetSocketAddress(host, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        plane.kubectl().apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: odd, namespace: default}
                spec: {ports: [{port: 443, targetPort: %2$d}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: odd, namespace: default, labels: {kubernetes.io/service-name: odd}}
                addressType: IPv4
                ports: [{port: %2$d}]
                endpoints: [{addresses: ["%1$s"], conditions: {ready: true}}]
                ---
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: v1.odd.test}
                spec:
                  group: odd.test
                  version: v1
                  groupPriorityMinimum: 100
                  versionPriority: 100
                  insecureSkipTLSVerify: true
                  service: {namespace: default, name: odd}
                """.formatted(host, server.getAddress().getPort()));
        plane.kubectl().output("wait", "apiservice/v1.odd.test", "--for=condition=Available", "--timeout=20s");
    }

    /** What lists answer from now on. */
    void setList(byte[] answer) {
        list = answer;
    }

    /** Sends a line on the watch, now or when there is one. */
    void send(byte[] line) {
        lines.add(line);
    }

    void send(String line) {
        send((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The resourceVersion with which the last watch began. */
    String watchedFrom() {
        return watchedFrom;
    }

    static byte[] list(String version, String... objects) {
        return ("{\"kind\":\"OddityList\",\"apiVersion\":\"odd.test/v1\",\"metadata\":{\"resourceVersion\":\"" + version
                        + "\"},\"items\":[" + String.join(",", objects) + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    static String object(String name, String version, String rest) {
        return "{\"kind\":\"Oddity\",\"apiVersion\":\"odd.test/v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"uid\":\"uid-" + name + "\",\"resourceVersion\":\"" + version + "\"}" + rest + "}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            switch (path) {
                case "/apis" ->
                    answer(
                            exchange,
                            "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}"
                                    .getBytes(StandardCharsets.UTF_8));
                case "/apis/odd.test/v1" ->
                    answer(
                            exchange,
                            ("{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"odd.test/v1\","
                                            + "\"resources\":[{\"name\":\"oddities\",\"singularName\":\"oddity\",\"namespaced\":false,"
                                            + "\"kind\":\"Oddity\",\"verbs\":[\"get\",\"list\",\"watch\"]}]}")
                                    .getBytes(StandardCharsets.UTF_8));
                case "/apis/odd.test/v1/oddities" -> {
                    if (query.contains("sendInitialEvents")) {
                        exchange.sendResponseHeaders(400, -1);
                    } else if (query.contains("watch=true")) {
                        watch(exchange, query);
                    } else {
                        answer(exchange, list);
                    }
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private void watch(HttpExchange exchange, String query) throws IOException {
        watchedFrom = query.replaceFirst(".*resourceVersion=([^&]*).*", "$1");
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            byte[] line = lines.poll(60, TimeUnit.SECONDS);
            while (line != null && line.length > 0) {
                out.write(line);
                out.flush();
                line = lines.poll(60, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        send(CUT);
        server.stop(0);
    }
}
