/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Browsers that were let in. A code opens one session, once and soon; a session is a cookie which no script can read, and which the
 * browser sends with requests of the console's own pages only. Safe for concurrent use.
 */
public final class Sessions {

    private static final long CODE_NANOS = 120_000_000_000L;
    private static final long SESSION_NANOS = 12 * 3600 * 1_000_000_000L;
    private static final int MOST = 1000;

    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Long> codes = bounded();
    private final Map<String, Long> sessions = bounded();

    /** @param nanoTime a clock as {@link System#nanoTime()} */
    public Sessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A new code; good for two minutes. */
    public synchronized String code() {
        String code = secret();
        codes.put(digest(code), nanoTime.getAsLong());
        return code;
    }

    /** The secret of a new session for a code that was not used before; {@code ""} if the code is none, or too old. */
    synchronized String open(String code) {
        Long since = codes.remove(digest(code));
        if (since == null || nanoTime.getAsLong() - since > CODE_NANOS) {
            return "";
        }
        String secret = secret();
        sessions.put(digest(secret), nanoTime.getAsLong());
        return secret;
    }

    /** Whether a request of the console carries a session's cookie, and comes from a page of this server. */
    boolean holds(Exchange exchange) {
        String site = exchange.header("Sec-Fetch-Site");
        boolean isOwnPage = site.isEmpty() || site.equals("same-origin") || site.equals("none");
        return isOwnPage && isOpen(exchange.cookie(cookie(exchange)));
    }

    private synchronized boolean isOpen(String secret) {
        Long since = sessions.get(digest(secret));
        return since != null && nanoTime.getAsLong() - since <= SESSION_NANOS;
    }

    /** Cookies are told apart by host, not by port, and several servers may run on one. */
    static String cookie(Exchange exchange) {
        return "traversion-" + exchange.port();
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Secrets are found by their hash, so that how long it takes says nothing of them. */
    private static String digest(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Long> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > MOST;
            }
        };
    }
}
