/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.bench;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** The baseline: reads the same streams over TLS with the JDK's sockets, and counts lines. */
final class BareReader implements AutoCloseable {

    private final AtomicLong lines = new AtomicLong();
    private final List<Socket> sockets = new ArrayList<>();

    BareReader(Config config, List<String> paths) throws Exception {
        SSLContext tls = SSLUtils.sslContext(config);
        URI server = URI.create(config.getMasterUrl());
        for (String path : paths) {
            Socket socket = tls.getSocketFactory().createSocket(server.getHost(), server.getPort());
            sockets.add(socket);
            socket.getOutputStream()
                    .write(("GET " + path + "?watch=true HTTP/1.1\r\nHost: bench\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Thread.ofPlatform().daemon().start(() -> read(socket));
        }
    }

    private void read(Socket socket) {
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = socket.getInputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                int found = 0;
                for (int at = 1; at < count; at++) {
                    // The end of a line, and neither that of a chunk nor of its length.
                    found += buffer[at] == '\n' && buffer[at - 1] == '}' ? 1 : 0;
                }
                lines.addAndGet(found);
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /** Events, bookmarks included. */
    long lines() {
        return lines.get();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
