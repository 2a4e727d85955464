/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.ConsoleDoor;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.LoopbackDoor;
import dev.traversion.rewind.http.Sessions;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.tls.OwnCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The console on loopback, with the data of a server elsewhere: browsers come with a cookie, and what they ask for is asked there with
 * the credentials of whoever runs this. The other server decides, and puts on record, what may be read.
 */
public final class ConsoleRelay implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";
    private static final Duration VALIDITY = Duration.ofDays(365);
    private static final List<String> THERE = List.of("Accept", "Accept-Encoding", "If-None-Match", "Last-Event-ID");
    private static final List<String> BACK =
            List.of("ETag", "Cache-Control", "Content-Encoding", "Vary", "Retry-After");

    /** The server elsewhere. */
    @FunctionalInterface
    public interface Upstream {

        /**
         * A connection to it, not yet opened.
         *
         * @param pathAndQuery from the root on
         * @throws TraversionException if there is no way there
         */
        HttpURLConnection to(String pathAndQuery) throws IOException;
    }

    private final Upstream upstream;
    private final Sessions sessions = new Sessions(System::nanoTime);
    private final Listener listener;

    private ConsoleRelay(int port, Upstream upstream) {
        this.upstream = upstream;
        OwnCertificate certificate = OwnCertificate.create(Instant.now(), VALIDITY, List.of());
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(certificate.keyStore());
        tls.setKeyStorePassword(new String(certificate.password()));
        tls.setSniRequired(false);
        LoopbackDoor door = new LoopbackDoor(RewindOptions.defaults().token(), sessions);
        ApiHandler handler = new ApiHandler(door, new ConsoleDoor(Optional.of(sessions)), this::relay);
        listener = Listener.start(ADDRESS, port, tls, true, handler);
    }

    /**
     * Starts it.
     *
     * @param port 0 for any free port
     * @throws TraversionException if the port cannot be had
     */
    public static ConsoleRelay start(int port, Upstream upstream) {
        return new ConsoleRelay(port, upstream);
    }

    /** Where a browser logs in: good for once, and for two minutes. */
    public URI url(String query) {
        return link(listener.port(), sessions.code(), query);
    }

    static URI link(int port, String code, String query) {
        return URI.create("http://" + ADDRESS + ":" + port + "/console/login?code=" + code
                + (query.isEmpty() ? "" : "&to=" + URLEncoder.encode(query, StandardCharsets.UTF_8)));
    }

    private void relay(Exchange exchange, List<String> path) throws IOException {
        if (path.size() < 2 || !path.getFirst().equals("console")) {
            throw StatusFailure.notServed("here is the console only, below /console/");
        }
        if (!exchange.method().equals("GET")) {
            throw StatusFailure.methodNotAllowed("the past is only to be read, with GET");
        }
        exchange.permit(new Read.Own("console"));
        HttpURLConnection connection;
        int status;
        try {
            connection = upstream.to(exchange.pathAndQuery());
            for (String header : THERE) {
                if (!exchange.header(header).isEmpty()) {
                    connection.setRequestProperty(header, exchange.header(header));
                }
            }
            status = connection.getResponseCode();
        } catch (IOException | TraversionException e) {
            throw StatusFailure.unavailable("the server in the cluster is not reached: " + e.getMessage());
        }
        for (String header : BACK) {
            if (connection.getHeaderField(header) != null) {
                exchange.setHeader(header, connection.getHeaderField(header));
            }
        }
        exchange.onHangUp(connection::disconnect);
        String type = connection.getContentType() == null ? "application/json" : connection.getContentType();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
                OutputStream out = exchange.open(status, type)) {
            copy(in, out);
        }
    }

    /** As it comes: a stream of changes has no end. */
    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        int read = in == null ? -1 : in.read(buffer);
        while (read >= 0) {
            out.write(buffer, 0, read);
            if (in.available() == 0) {
                out.flush();
            }
            read = in.read(buffer);
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
