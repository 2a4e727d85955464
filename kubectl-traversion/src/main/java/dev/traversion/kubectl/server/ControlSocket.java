/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.archive.TraversionException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Where a server takes requests of this plugin: loopback, one request a connection, preceded by the token. Much quicker to ask than
 * HTTP, which counts for a command that runs in a tenth of a second.
 */
final class ControlSocket implements AutoCloseable {

    private static final int READ_TIMEOUT_MILLIS = 10_000;
    private static final byte MOMENT = 'm';
    private static final byte STOP = 's';
    private static final byte OK = 0;
    private static final byte FAILED = 1;

    /** Who answers. */
    interface Handler {
        MomentAnswer moment(MomentRequest request) throws IOException;

        void stop();
    }

    private final ServerSocket socket;
    private final byte[] token;
    private final Handler handler;

    ControlSocket(String token, Handler handler) throws IOException {
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.handler = handler;
        Thread.ofPlatform().name("control").daemon().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    log("a connection was not accepted", e);
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(READ_TIMEOUT_MILLIS);
            DataInputStream in = new DataInputStream(new BufferedInputStream(connection.getInputStream()));
            byte[] given = in.readUTF().getBytes(StandardCharsets.UTF_8);
            if (!MessageDigest.isEqual(given, token)) {
                return;
            }
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
            answer(in, out);
            out.flush();
        } catch (IOException e) {
            log("a request broke off", e);
        }
    }

    private void answer(DataInputStream in, DataOutputStream out) throws IOException {
        byte what = in.readByte();
        if (what == STOP) {
            out.writeByte(OK);
            handler.stop();
            return;
        }
        MomentRequest request = MomentRequest.read(in);
        MomentAnswer answer;
        try {
            answer = handler.moment(request);
        } catch (TraversionException | IOException e) {
            out.writeByte(FAILED);
            out.writeUTF(e.getMessage() == null ? e.toString() : e.getMessage());
            return;
        } catch (RuntimeException e) {
            System.getLogger(ControlSocket.class.getName()).log(System.Logger.Level.ERROR, "a request failed", e);
            out.writeByte(FAILED);
            out.writeUTF("An error in the server of the recording: " + e);
            return;
        }
        out.writeByte(OK);
        answer.write(out);
    }

    private static void log(String what, IOException e) {
        System.getLogger(ControlSocket.class.getName()).log(System.Logger.Level.DEBUG, what, e);
    }

    /**
     * Asks a server.
     *
     * @throws IOException if it cannot be reached
     * @throws TraversionException what it refuses
     */
    static MomentAnswer ask(Registration server, MomentRequest request) throws IOException {
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            DataOutputStream out = begin(connection, server, MOMENT);
            request.write(out);
            out.flush();
            DataInputStream in = new DataInputStream(new BufferedInputStream(connection.getInputStream()));
            if (in.readByte() == FAILED) {
                throw new TraversionException(in.readUTF());
            }
            return MomentAnswer.read(in);
        }
    }

    /** Tells a server to end. */
    static void stop(Registration server) throws IOException {
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            begin(connection, server, STOP).flush();
            connection.getInputStream().read();
        }
    }

    private static DataOutputStream begin(Socket connection, Registration server, byte what) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
        out.writeUTF(server.token());
        out.writeByte(what);
        return out;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
