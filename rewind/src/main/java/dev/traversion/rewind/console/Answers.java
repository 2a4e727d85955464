/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.rewind.http.Exchange;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Sends answers, compressed, and with what a browser needs to know to keep them. */
final class Answers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static void json(Exchange exchange, Object value, boolean isSettled) throws IOException {
        send(exchange, "application/json", JSON.writeValueAsBytes(value), isSettled);
    }

    /** @param isSettled whether the answer to the same question stays the same for ever */
    static void send(Exchange exchange, String type, byte[] body, boolean isSettled) throws IOException {
        String tag = "\"" + digest(body) + "\"";
        exchange.setHeader("ETag", tag);
        // Who asks is in the cookie: what one may keep is not for another.
        exchange.setHeader("Vary", "Cookie, Authorization, Accept-Encoding");
        exchange.setHeader("Cache-Control", isSettled ? "private, max-age=3600" : "private, no-cache");
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        if (exchange.header("If-None-Match").contains(tag)) {
            exchange.send(304, type, new byte[0]);
        } else {
            exchange.send(200, type, exchange.compressed(body, true));
        }
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
