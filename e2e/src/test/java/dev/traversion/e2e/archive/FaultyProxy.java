/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.archive;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Stands between a client and an object store, and fails in the ways that networks and servers do. */
public final class FaultyProxy implements AutoCloseable {

    /** What happens to a connection. */
    public enum Fault {
        NONE,
        /** Connections end before anything reaches the server. */
        DOWN,
        /** PUTs reach the server, and succeed there; their answers get lost. */
        LOSE_ANSWERS_TO_PUT,
        /** PUTs do not reach the server, and are answered with status 200 and an error in the body. */
        ANSWER_PUT_200_WITH_ERROR,
        /** Everything is answered with status 503, and the wish for fewer requests. */
        SLOW_DOWN,
        /** Every request takes a second, and its answer comes drop by drop. */
        SLOW,
        /** Files come with their last byte turned. */
        TURN_A_BYTE,
        /** Files come up to their middle. */
        CUT_IN_THE_MIDDLE,
        /** Lists lack their first segment of a log. */
        LIST_WITHOUT_A_SEGMENT;

        private boolean changesAnswers() {
            return this == TURN_A_BYTE || this == CUT_IN_THE_MIDDLE || this == LIST_WITHOUT_A_SEGMENT;
        }
    }

    private static final String SLOW_DOWN =
            "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
    private static final Pattern SEGMENT =
            Pattern.compile("<Contents>(?:(?!</Contents>).)*\\.twal</Key>.*?</Contents>");

    private static final String ERROR =
            "<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>on fire</Message></Error>";

    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private final URI server;
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger struck = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;

    public FaultyProxy(URI server) throws IOException {
        this.server = server;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("faulty-proxy").start(this::accept);
    }

    public String endpoint() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** How often a fault struck. */
    public int struck() {
        return struck.get();
    }

    /** From now on; connections that are open are ended. */
    public void set(Fault next) throws IOException {
        fault = next;
        for (Socket connection : open) {
            connection.close();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed, or a client that went away.
            }
        }
    }

    private void serve(Socket client) {
        Fault now = fault;
        try (client;
                Socket upstream = new Socket(server.getHost(), server.getPort())) {
            open.add(upstream);
            if (now == Fault.DOWN) {
                struck.incrementAndGet();
                return;
            }
            InputStream in = client.getInputStream();
            byte[] head = head(in);
            boolean put = new String(head, StandardCharsets.US_ASCII).startsWith("PUT ");
            if (put && now == Fault.ANSWER_PUT_200_WITH_ERROR) {
                struck.incrementAndGet();
                swallow(in);
                refuse(client.getOutputStream(), "200 OK", ERROR);
                return;
            }
            if (now == Fault.SLOW_DOWN) {
                struck.incrementAndGet();
                if (put) {
                    swallow(in);
                }
                refuse(client.getOutputStream(), "503 Slow Down", SLOW_DOWN);
                return;
            }
            if (now == Fault.SLOW) {
                Thread.sleep(1_000);
            }
            upstream.getOutputStream().write(now == Fault.NONE ? head : last(head));
            Thread.ofVirtual().start(() -> copy(in, upstream));
            InputStream answer = upstream.getInputStream();
            if (put && now == Fault.LOSE_ANSWERS_TO_PUT) {
                // The server answers when it has done its work.
                answer.read();
                struck.incrementAndGet();
                return;
            }
            if (now == Fault.SLOW) {
                struck.incrementAndGet();
                trickle(answer, client.getOutputStream());
            } else if (now.changesAnswers()) {
                boolean ofFile = new String(head, StandardCharsets.US_ASCII).matches("(?s)GET /[^?]+/[^?]+ .*");
                client.getOutputStream().write(changed(answer.readAllBytes(), now, ofFile));
            } else {
                answer.transferTo(client.getOutputStream());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // Either side went away: the other is closed, which is all there is to do.
        } finally {
            open.remove(client);
        }
    }

    /** A request up to the empty line before its body. */
    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.write(next);
            ends = next == END[ends] ? ends + 1 : next == END[0] ? 1 : 0;
        }
        return head.toByteArray();
    }

    /** The same as the last request of its connection: whether a fault strikes is decided once for each. */
    private static byte[] last(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1)
                .replaceAll("(?i)\r\nConnection:[^\r]*", "")
                .replaceFirst("\r\n", "\r\nConnection: close\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void trickle(InputStream from, OutputStream to) throws IOException, InterruptedException {
        byte[] drop = new byte[256];
        for (int n = from.read(drop); n > 0; n = from.read(drop)) {
            to.write(drop, 0, n);
            to.flush();
            Thread.sleep(20);
        }
    }

    private byte[] changed(byte[] answer, Fault how, boolean ofFile) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int body = text.indexOf("\r\n\r\n") + END.length;
        if (how == Fault.LIST_WITHOUT_A_SEGMENT) {
            String less = SEGMENT.matcher(text.substring(body)).replaceFirst("");
            struck.addAndGet(text.length() - body == less.length() ? 0 : 1);
            String shorter = text.substring(0, body)
                    .replaceFirst("(?i)Content-Length: \\d+", "Content-Length: " + less.length());
            return (shorter + less).getBytes(StandardCharsets.ISO_8859_1);
        }
        if (!ofFile || !text.startsWith("HTTP/1.1 200") || answer.length == body) {
            return answer;
        }
        struck.incrementAndGet();
        if (how == Fault.CUT_IN_THE_MIDDLE) {
            return Arrays.copyOf(answer, (body + answer.length) / 2);
        }
        answer[answer.length - 1] ^= 1;
        return answer;
    }

    private static void swallow(InputStream in) throws IOException {
        byte[] buffer = new byte[64 << 10];
        int n = in.read(buffer);
        while (n > 0 && in.available() > 0) {
            n = in.read(buffer);
        }
    }

    private static void refuse(OutputStream out, String status, String body) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void copy(InputStream from, Socket to) {
        try {
            from.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side went away.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        set(Fault.DOWN);
    }
}
