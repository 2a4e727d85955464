/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.analysis.AnalysisApi;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.moment.MomentApi;
import dev.traversion.rewind.play.Films;
import dev.traversion.rewind.tls.LoopbackCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Serves recorded clusters on loopback: {@code /clusters/<id>/at/<time>/} is a read-only Kubernetes API server for that moment,
 * {@code /clusters/<id>/play/<from>/<to>/<speed>/} one for which time goes on from there.
 * Every request must carry the bearer token. It speaks https, since kubectl sends a token over nothing else, and on the same port
 * plain http for other tools.
 */
public final class RewindServer implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";
    private static final Set<String> ANALYSES = Set.of("diff", "timeline");

    private final Map<String, ServedCluster> clusters = new LinkedHashMap<>();
    private final Films films = new Films();
    private final String token;
    private final LoopbackCertificate certificate;
    private final Server server;
    private final ServerConnector connector;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile Instant lastRequest = Instant.now();

    private RewindServer(List<? extends History> histories, RewindOptions options) {
        for (History history : histories) {
            clusters.put(history.clusterId(), new ServedCluster(history));
        }
        token = options.token();
        certificate = LoopbackCertificate.create(Instant.now());
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("rewind");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        configuration.setOutputBufferSize(64 * 1024);
        configuration.setRequestHeaderSize(64 * 1024);
        configuration.setUriCompliance(UriCompliance.LEGACY);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(certificate.keyStore());
        tls.setKeyStorePassword(new String(certificate.password()));
        tls.setSniRequired(false);
        SslConnectionFactory ssl = new SslConnectionFactory(tls, http.getProtocol());
        connector = new ServerConnector(server, new DetectorConnectionFactory(ssl), http);
        connector.setHost(ADDRESS);
        connector.setPort(options.port());
        server.addConnector(connector);
        server.setHandler(new ApiHandler(token, this::routeCounted));
    }

    /**
     * Starts serving. The histories stay the caller's to close, after the server.
     *
     * @throws TraversionException if the port cannot be had
     */
    public static RewindServer start(List<? extends History> histories, RewindOptions options) {
        RewindServer rewind = new RewindServer(histories, options);
        try {
            rewind.server.start();
            return rewind;
        } catch (Exception e) {
            rewind.close();
            throw new TraversionException(
                    "cannot listen on " + ADDRESS + ":" + options.port() + ": " + e.getMessage()
                            + "; choose another port, or 0 for any free one",
                    e);
        }
    }

    public int port() {
        return connector.getLocalPort();
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
        return clusters.get(clusterId);
    }

    /** When a request was last under way: now, as long as one is. At first, when the server was made. */
    public Instant lastRequest() {
        return underWay.get() > 0 ? Instant.now() : lastRequest;
    }

    private void routeCounted(Exchange exchange, List<String> path) throws IOException {
        underWay.incrementAndGet();
        try {
            route(exchange, path);
        } finally {
            lastRequest = Instant.now();
            underWay.decrementAndGet();
        }
    }

    private void route(Exchange exchange, List<String> path) throws IOException {
        if (path.isEmpty() || path.equals(List.of("clusters"))) {
            ApiHandler.send(exchange, index());
            return;
        }
        ServedCluster cluster =
                path.size() > 1 && path.getFirst().equals("clusters") ? clusters.get(path.get(1)) : null;
        if (cluster == null) {
            throw StatusFailure.notServed("there is no " + String.join("/", path) + " here; served are "
                    + clusters.keySet() + " as /clusters/<id>/at/<time>/");
        }
        if (path.size() == 2) {
            ApiHandler.send(exchange, describe(cluster));
        } else if (path.size() > 3 && path.get(2).equals("at")) {
            new MomentApi(view(cluster, path.get(3))).handle(exchange, path.subList(4, path.size()));
        } else if (path.get(2).equals("play")) {
            films.handle(cluster, exchange, path.subList(3, path.size()));
        } else if (ANALYSES.contains(path.get(2))) {
            new AnalysisApi(cluster, exchange).handle(path.subList(2, path.size()));
        } else {
            throw StatusFailure.notServed(
                    "a moment is served as /clusters/<id>/at/<time>/, what happened between two as"
                            + " /clusters/<id>/play/<from>/<to>/<speed>/");
        }
    }

    private static View view(ServedCluster cluster, String time) {
        try {
            return cluster.at(Moment.parse(time));
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
    }

    private ObjectNode index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ArrayNode list = index.putArray("clusters");
        clusters.values().forEach(cluster -> list.add(describe(cluster)));
        return index;
    }

    private static ObjectNode describe(ServedCluster cluster) {
        cluster.follower().refresh();
        History history = cluster.history();
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", history.clusterId())
                .put("start", Moment.format(history.start()))
                .put("end", Moment.format(history.end()))
                .put("live", history.live());
    }

    @Override
    public void close() {
        clusters.values().forEach(ServedCluster::close);
        try {
            server.stop();
        } catch (Exception e) {
            throw new TraversionException("the server did not stop cleanly: " + e.getMessage(), e);
        }
    }
}
