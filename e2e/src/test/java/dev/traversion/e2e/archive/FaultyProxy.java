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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and an object store, and fails in the ways that networks and servers do. */
final class FaultyProxy implements AutoCloseable {

    /** What happens to a connection. */
    enum Fault {
        NONE,
        /** Connections end before anything reaches the server. */
        DOWN,
        /** PUTs reach the server, and succeed there; their answers get lost. */
        LOSE_ANSWERS_TO_PUT,
        /** PUTs do not reach the server, and are answered with status 200 and an error in the body. */
        ANSWER_PUT_200_WITH_ERROR
    }

    private static final String ERROR =
            "<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>on fire</Message></Error>";

    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private final URI server;
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger struck = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;

    FaultyProxy(URI server) throws IOException {
        this.server = server;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("faulty-proxy").start(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** How often a fault struck. */
    int struck() {
        return struck.get();
    }

    /** From now on; connections that are open are ended. */
    void set(Fault next) throws IOException {
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
                swallow(in, client.getOutputStream());
                return;
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
            answer.transferTo(client.getOutputStream());
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

    private static void swallow(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[64 << 10];
        int n = in.read(buffer);
        while (n > 0 && in.available() > 0) {
            n = in.read(buffer);
        }
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
                        + ERROR.length() + "\r\n\r\n" + ERROR)
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
