/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/**
 * A server and its client over the loopback, which prints what processor time, ns, an operation takes of both: a connection with one
 * request, and a request of a connection that stays. Argument: how many.
 */
public final class ConnectionLoad {

    private static final int REQUEST = 200;

    private ConnectionLoad() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        int most = Integer.parseInt(arguments[0]);
        try (ServerSocket server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> serve(server));
            connections(server, most / 4);
            double connection = connections(server, most);
            requests(server, most / 4);
            System.out.printf(Locale.ROOT, "%.0f %.0f%n", connection, requests(server, 3 * most));
        }
    }

    private static void serve(ServerSocket server) {
        byte[] buffer = new byte[REQUEST];
        while (!server.isClosed()) {
            try (Socket accepted = server.accept()) {
                accepted.setTcpNoDelay(true);
                while (accepted.getInputStream().readNBytes(buffer, 0, REQUEST) == REQUEST) {
                    accepted.getOutputStream().write(buffer);
                }
            } catch (IOException e) {
                // The next connection may do better; the client says what is wrong.
            }
        }
    }

    private static double connections(ServerSocket server, int most) throws IOException {
        long before = cpu();
        for (int i = 0; i < most; i++) {
            try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                request(socket);
            }
        }
        return (double) (cpu() - before) / most;
    }

    private static double requests(ServerSocket server, int most) throws IOException {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.setTcpNoDelay(true);
            long before = cpu();
            for (int i = 0; i < most; i++) {
                request(socket);
            }
            return (double) (cpu() - before) / most;
        }
    }

    private static void request(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[REQUEST]);
        if (socket.getInputStream().readNBytes(REQUEST).length != REQUEST) {
            throw new IOException("the server has closed the connection");
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
