/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door: lets in who carries the token and came by a loopback name, and turns failures into Statuses. */
public final class ApiHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    /** A page in a browser that got a name of its own resolved to loopback cannot name another host than that. */
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final byte[] token;
    private final Routes routes;

    /** What is behind the door. */
    @FunctionalInterface
    public interface Routes {
        /** @param segments the decoded segments of the path */
        void handle(Exchange exchange, List<String> segments) throws IOException;
    }

    public ApiHandler(String token, Routes routes) {
        super(InvocationType.NON_BLOCKING);
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.routes = routes;
    }

    /** Each request has a thread of its own: a watch holds one for as long as it lasts, and there may be any number of them. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
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
            admit(request);
            routes.handle(exchange, segments(request.getHttpURI().getPath()));
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
            if (failure.code() == 401) {
                exchange.setHeader("WWW-Authenticate", "Bearer");
            } else if (failure.code() == 504) {
                exchange.setHeader("Retry-After", "1");
            }
            exchange.sendStatus(failure);
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        }
    }

    private void admit(Request request) {
        String host = Request.getServerName(request);
        if (host == null || !LOCAL_NAMES.contains(host.toLowerCase(Locale.ROOT))) {
            throw StatusFailure.forbidden("this server is reached as localhost, 127.0.0.1 or [::1], not as " + host);
        }
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        String bearer = authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).strip()
                : "";
        if (!MessageDigest.isEqual(bearer.getBytes(StandardCharsets.UTF_8), token)) {
            throw StatusFailure.unauthorized();
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
