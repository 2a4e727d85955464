/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import dev.traversion.rewind.access.Reach;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.access.Visitor;
import dev.traversion.rewind.json.PrettyOutput;
import dev.traversion.rewind.json.YamlOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** One request and its answer. Used by one thread. */
public final class Exchange {

    private static final int WORTH_COMPRESSING = 1400;

    private final Request request;
    private final Response response;
    private final Fields query;
    private Visitor visitor;
    private boolean permitted;

    Exchange(Request request, Response response) {
        this.request = request;
        this.response = response;
        this.query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
    }

    /** Whoever is at the door; before anything else is done. */
    void enter(Visitor who) {
        visitor = who;
    }

    /** Who asks. */
    public Visitor visitor() {
        return visitor;
    }

    /**
     * Asks the visitor's permission for a read, and puts it on record.
     *
     * @throws StatusFailure if it is refused
     */
    public Reach permit(Read read) {
        Reach reach = visitor.permit(read);
        permitted = true;
        return reach;
    }

    public String method() {
        return request.getMethod();
    }

    /** The first value of a query parameter, {@code ""} if there is none. */
    public String query(String name) {
        String value = query.getValue(name);
        return value == null ? "" : value;
    }

    /** A header, {@code ""} if there is none. */
    public String header(String name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    /** All values of a header, in order. */
    public List<String> headers(String name) {
        return request.getHeaders().getFields(name).stream()
                .map(HttpField::getValue)
                .toList();
    }

    /** The names of all headers, as they were sent. */
    public Set<String> headerNames() {
        return request.getHeaders().getFieldNamesCollection();
    }

    /** The bearer token, {@code ""} if there is none. */
    public String bearer() {
        String authorization = header("Authorization");
        return authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).strip()
                : "";
    }

    /** The host that the client means, without a port; {@code ""} if it names none. */
    public String host() {
        String host = Request.getServerName(request);
        return host == null ? "" : host;
    }

    /** The port the client means. */
    public int port() {
        return Request.getServerPort(request);
    }

    /** The path, as it was sent. */
    public String path() {
        return request.getHttpURI().getPath();
    }

    /** The names of all query parameters. */
    public Set<String> queryNames() {
        return query.getNames();
    }

    /** The value of a cookie, {@code ""} if there is none. */
    public String cookie(String name) {
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse("");
    }

    /** Where the request comes from, an IP address. */
    public String remoteAddress() {
        return Request.getRemoteAddr(request);
    }

    /** Path and query, as they were sent. */
    public String pathAndQuery() {
        return request.getHttpURI().getPathQuery();
    }

    /** The certificate whose key the client has proven to hold. */
    public Optional<X509Certificate> clientCertificate() {
        EndPoint.SslSessionData tls =
                request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
        return tls == null || tls.peerCertificates() == null || tls.peerCertificates().length == 0
                ? Optional.empty()
                : Optional.of(tls.peerCertificates()[0]);
    }

    /** The body of the request, at most a megabyte of it. */
    public byte[] requestBody() throws IOException {
        try (InputStream in = Request.asInputStream(request)) {
            return in.readNBytes(1 << 20);
        }
    }

    /** The form of the answer the client wants. */
    public Representation representation() {
        return Representation.negotiate(acceptHeader(), query("pretty"), header("User-Agent"));
    }

    /** All Accept headers as one. */
    public String acceptHeader() {
        return String.join(",", request.getHeaders().getValuesList(HttpHeader.ACCEPT));
    }

    /** Adds a warning, which kubectl prints on stderr. */
    public void warn(String text) {
        String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("[\\r\\n]+", " ");
        response.getHeaders().add("Warning", "299 - \"" + quoted + "\"");
    }

    public void setHeader(String name, String value) {
        response.getHeaders().put(new HttpField(name, value));
    }

    /**
     * Calls back when the client goes away before it has the whole answer, at once and in a thread that must not be held. The
     * connection is used for no other request afterwards.
     */
    public void onHangUp(Runnable gone) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
        connection.tryFillInterested(Callback.from(
                () -> {
                    try {
                        if (connection.fill(BufferUtil.allocate(1)) < 0) {
                            gone.run();
                        }
                    } catch (IOException e) {
                        gone.run();
                    }
                },
                _ -> gone.run()));
    }

    /**
     * Starts the answer; closing the stream ends it. It is never compressed: every client is on this machine, where compressing takes
     * several times longer than sending.
     */
    public OutputStream open(int status, Representation representation) {
        OutputStream out = open(status, representation.contentType());
        return representation.yaml() ? new YamlOutput(out) : representation.pretty() ? new PrettyOutput(out) : out;
    }

    /** As {@link #open(int, Representation)}, with bytes that are sent as they are. */
    public OutputStream open(int status, String contentType) {
        if (status < 400 && !permitted) {
            throw new IllegalStateException(request.getHttpURI().getPath() + " would be answered without permission");
        }
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        if (!response.getHeaders().contains(HttpHeader.CACHE_CONTROL)) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
        }
        return new ResponseOutput(response);
    }

    /** Answers with these bytes. */
    public void send(int status, String contentType, byte[] body) throws IOException {
        try (OutputStream out = open(status, contentType)) {
            out.write(body);
        }
    }

    /** Answers with bytes that say nothing of any recording, whoever asks. */
    void sendOpenly(int status, String contentType, byte[] body) throws IOException {
        permitted = true;
        send(status, contentType, request.getMethod().equals("HEAD") ? new byte[0] : body);
    }

    /** The bytes to send for these, compressed if the client takes that and it is worth it. To be called before anything is sent. */
    public byte[] compressed(byte[] body, boolean compressible) throws IOException {
        if (!compressible || body.length < WORTH_COMPRESSING || !acceptsGzip()) {
            return body;
        }
        setHeader("Content-Encoding", "gzip");
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
        try (FastGzip gzip = new FastGzip(out)) {
            gzip.write(body);
        }
        return out.toByteArray();
    }

    private boolean acceptsGzip() {
        return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).contains("gzip");
    }

    /** At its quickest: most answers go no further than through a port-forward. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 16 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Answers with compact JSON, indented if the client is a person's. */
    public void sendJson(int status, byte[] json) throws IOException {
        boolean pretty = Representation.isPretty(query("pretty"), header("User-Agent"));
        send(status, json, new Representation(Representation.Shape.OBJECTS, false, pretty));
    }

    /** Answers with a problem, as the console gets it. */
    void sendProblem(StatusFailure failure) throws IOException {
        send(failure.code(), Problem.CONTENT_TYPE, Problem.body(failure));
    }

    /** Answers with a Status, in indented JSON where none of the forms the client accepts can be had. */
    void sendStatus(StatusFailure failure) throws IOException {
        Representation representation;
        try {
            representation = Representation.negotiate(acceptHeader(), query("pretty"), header("User-Agent"), false);
        } catch (StatusFailure e) {
            representation = new Representation(Representation.Shape.OBJECTS, false, true);
        }
        send(failure.code(), failure.body(), representation);
    }

    private void send(int status, byte[] json, Representation representation) throws IOException {
        try (OutputStream out = open(status, representation)) {
            out.write(json);
            out.write('\n');
        }
    }
}
