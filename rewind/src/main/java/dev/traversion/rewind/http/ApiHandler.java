/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests in through a door, and turns failures into Statuses. */
public final class ApiHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final Set<String> PROBES = Set.of("/livez", "/readyz");

    private final Door door;
    private final Routes routes;
    private final ConsoleDoor console;
    private boolean probes;

    /** What is behind the door. */
    @FunctionalInterface
    public interface Routes {
        /** @param segments the decoded segments of the path */
        void handle(Exchange exchange, List<String> segments) throws IOException;
    }

    public ApiHandler(Door door, ConsoleDoor console, Routes routes) {
        super(InvocationType.NON_BLOCKING);
        this.console = console;
        this.door = door;
        this.routes = routes;
    }

    /** Also tells those who ask for nothing else that it is there, whoever they are: {@code /livez} and {@code /readyz}. */
    public ApiHandler withProbes() {
        probes = true;
        return this;
    }

    /** Each request has a thread of its own: a watch holds one for as long as it lasts, and there may be any number of them. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (probes && PROBES.contains(request.getHttpURI().getPath())) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            response.write(true, ByteBuffer.wrap(new byte[] {'o', 'k'}), callback);
            return true;
        }
        Thread.ofVirtual().name("rewind-request").start(() -> answer(request, response, callback));
        return true;
    }

    private void answer(Request request, Response response, Callback callback) {
        // A quiet watch is not an idle connection.
        request.addIdleTimeoutListener(timeout -> false);
        if (!READING.contains(request.getMethod())) {
            // A body that was not read to its end breaks the connection after the answer, and clients must know.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Exchange exchange = null;
        try {
            exchange = new Exchange(request, response);
            if (!console.answer(exchange)) {
                exchange.enter(door.admit(exchange));
                routes.handle(exchange, segments(request.getHttpURI().getPath()));
            }
            callback.succeeded();
        } catch (StatusFailure failure) {
            fail(exchange, response, failure, callback);
        } catch (TraversionException e) {
            fail(exchange, response, StatusFailure.internal(e.getMessage()), callback);
        } catch (IOException e) {
            LOG.debug("{} {}: the client went away", request.getMethod(), request.getHttpURI(), e);
            callback.failed(e);
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
            fail(exchange, response, StatusFailure.internal("an error in rewind itself: " + e), callback);
        }
        LOG.debug("{} {} {}", request.getMethod(), request.getHttpURI(), response.getStatus());
    }

    private void fail(Exchange exchange, Response response, StatusFailure failure, Callback callback) {
        if (exchange == null || response.isCommitted()) {
            // Too late for a Status: a broken connection tells the client that what it has is not all.
            callback.failed(failure);
            return;
        }
        try {
            response.getHeaders().remove(HttpHeader.CONTENT_TYPE);
            response.getHeaders().remove(HttpHeader.CONTENT_ENCODING);
            response.getHeaders().remove(HttpHeader.CACHE_CONTROL);
            response.getHeaders().remove(HttpHeader.ETAG);
            if (failure.code() == 401) {
                exchange.setHeader("WWW-Authenticate", "Bearer");
            } else if (failure.code() == 503 || failure.code() == 504) {
                exchange.setHeader("Retry-After", "1");
            }
            if (exchange.path().startsWith("/console/")) {
                exchange.sendProblem(failure);
            } else {
                exchange.sendStatus(failure);
            }
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        }
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        // As the API server takes it: an encoded slash is a slash.
        for (String segment : URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8)
                .split("/")) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }

    /** Sends a value as JSON. */
    public static void send(Exchange exchange, Object value) throws IOException {
        exchange.sendJson(200, GoJson.bytes(value));
    }
}
