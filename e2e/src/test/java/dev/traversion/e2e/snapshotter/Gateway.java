/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.snapshotter;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to an API server that can be cut, while the API server itself goes on. */
final class Gateway implements AutoCloseable {

    private final URI target;
    private final ServerSocket socket;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;

    Gateway(Path kubeconfig) throws IOException {
        target = URI.create(Config.fromKubeconfig(kubeconfig.toFile()).getMasterUrl());
        socket = new ServerSocket(0, 200, InetAddress.getByName(target.getHost()));
        Thread.ofVirtual().start(this::accept);
    }

    /** A kubeconfig that leads through this gateway. */
    Path kubeconfig(Path original, Path directory) throws IOException {
        String text = Files.readString(original).replace(":" + target.getPort(), ":" + socket.getLocalPort());
        return Files.writeString(directory.resolve("gateway.kubeconfig"), text);
    }

    void cut() throws IOException {
        isCut = true;
        for (Socket each : connections) {
            each.close();
        }
    }

    void mend() {
        isCut = false;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket near = socket.accept();
                if (isCut) {
                    near.close();
                } else {
                    Socket far = new Socket(target.getHost(), target.getPort());
                    connections.add(near);
                    connections.add(far);
                    Thread.ofVirtual().start(() -> copy(near, far));
                    Thread.ofVirtual().start(() -> copy(far, near));
                }
            } catch (IOException e) {
                // The API server is away, or this gateway is closed.
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // One end is closed: so is the other.
        } finally {
            connections.remove(from);
            connections.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        cut();
    }
}
