/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.traversion.archive.History;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.ConsoleDoor;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.LoopbackDoor;
import dev.traversion.rewind.http.Sessions;
import dev.traversion.rewind.tls.OwnCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Serves recorded clusters on loopback: {@code /clusters/<id>/at/<time>/} is a read-only Kubernetes API server for that moment,
 * {@code /clusters/<id>/play/<from>/<to>/<speed>/} one for which time goes on from there.
 * Every request must carry the bearer token. It speaks https, since kubectl sends a token over nothing else, and on the same port
 * plain http for other tools.
 */
public final class RewindServer implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";
    private static final Duration VALIDITY = Duration.ofDays(3650);

    /** Not below the console's data: the token opens it, and no cookie does. */
    private static final List<String> LOGIN_LINK = List.of("console-login");

    private final RecordingRoutes routes;
    private final String token;
    private final OwnCertificate certificate;
    private final Listener listener;
    private final Sessions sessions = new Sessions(System::nanoTime);
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile Instant lastRequest = Instant.now();

    private RewindServer(List<? extends History> histories, RewindOptions options) {
        routes = new RecordingRoutes(histories);
        token = options.token();
        certificate = OwnCertificate.create(Instant.now(), VALIDITY, List.of());
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(certificate.keyStore());
        tls.setKeyStorePassword(new String(certificate.password()));
        tls.setSniRequired(false);
        try {
            ApiHandler handler = new ApiHandler(
                    new LoopbackDoor(token, sessions), new ConsoleDoor(Optional.of(sessions)), this::routeCounted);
            listener = Listener.start(ADDRESS, options.port(), tls, true, handler);
        } catch (RuntimeException e) {
            routes.close();
            throw e;
        }
    }

    /**
     * Starts serving. The histories stay the caller's to close, after the server.
     *
     * @throws TraversionException if the port cannot be had
     */
    public static RewindServer start(List<? extends History> histories, RewindOptions options) {
        return new RewindServer(histories, options);
    }

    public int port() {
        return listener.port();
    }

    /** The bearer token every request must carry. */
    public String token() {
        return token;
    }

    /** The server's certificate in PEM, which is its own authority. */
    public String certificate() {
        return certificate.pem();
    }

    /**
     * The root of a Kubernetes API server.
     *
     * @param time RFC 3339 in UTC, {@code @<epoch seconds>}, or {@code now}
     */
    public URI url(String clusterId, String time) {
        return URI.create("https://" + ADDRESS + ":" + port() + "/clusters/" + clusterId + "/at/" + time);
    }

    /**
     * Where a browser logs in to the console: good for once, and for two minutes. Plain http, since browsers warn of certificates they
     * do not know, and nothing leaves the machine.
     *
     * @param query what the console is to show, such as {@code ?t=2026-01-31T14:03:22Z}; {@code ""} for its home
     */
    public URI consoleUrl(String query) {
        routes.expectPage(query);
        return ConsoleRelay.link(port(), sessions.code(), query);
    }

    /** A kubeconfig (YAML) with one context for a moment; it holds the token, so it is to be kept private. */
    public String kubeconfig(String clusterId, String time, String contextName) {
        String authority = Base64.getEncoder().encodeToString(certificate().getBytes(StandardCharsets.UTF_8));
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: "%1$s"
                  cluster:
                    server: %2$s
                    certificate-authority-data: %3$s
                users:
                - name: "%1$s"
                  user:
                    token: %4$s
                contexts:
                - name: "%1$s"
                  context:
                    cluster: "%1$s"
                    user: "%1$s"
                current-context: "%1$s"
                """.formatted(contextName, url(clusterId, time), authority, token);
    }

    /** A cluster it serves; null if it serves none of that id. */
    public ServedCluster cluster(String clusterId) {
        return routes.cluster(clusterId);
    }

    /** When a request was last under way: now, as long as one is. At first, when the server was made. */
    public Instant lastRequest() {
        return underWay.get() > 0 ? Instant.now() : lastRequest;
    }

    private void routeCounted(Exchange exchange, List<String> path) throws IOException {
        underWay.incrementAndGet();
        try {
            if (path.equals(LOGIN_LINK)) {
                sendLoginLink(exchange);
            } else {
                routes.handle(exchange, path);
            }
        } finally {
            lastRequest = Instant.now();
            underWay.decrementAndGet();
        }
    }

    /** For who holds the token, and wants a browser to be let in. */
    private void sendLoginLink(Exchange exchange) throws IOException {
        exchange.permit(new Read.Own("console"));
        exchange.setHeader("Cache-Control", "no-store");
        ApiHandler.send(
                exchange,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("url", consoleUrl(exchange.query("to")).toString()));
    }

    @Override
    public void close() {
        routes.close();
        listener.close();
    }
}
