/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import dev.traversion.archive.History;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.ConsoleDoor;
import dev.traversion.rewind.http.Door;
import dev.traversion.rewind.tls.RotatingTls;
import java.util.List;
import java.util.Optional;

/** Serves recorded clusters in a cluster, on all addresses of a pod, with TLS only, to those whom a door lets in. */
public final class ClusterServer implements AutoCloseable {

    private final RecordingRoutes routes;
    private final Listener listener;

    private ClusterServer(RecordingRoutes routes, Listener listener) {
        this.routes = routes;
        this.listener = listener;
    }

    /**
     * Starts serving. Histories and TLS stay the caller's to close, after the server.
     *
     * @param port 0 for any free port
     * @throws dev.traversion.archive.TraversionException if the port cannot be had
     */
    public static ClusterServer start(List<? extends History> histories, int port, RotatingTls tls, Door door) {
        RecordingRoutes routes = new RecordingRoutes(histories);
        try {
            ApiHandler handler = new ApiHandler(door, new ConsoleDoor(Optional.empty()), routes).withProbes();
            return new ClusterServer(routes, Listener.start(null, port, tls.factory(), false, handler));
        } catch (RuntimeException e) {
            routes.close();
            throw e;
        }
    }

    public int port() {
        return listener.port();
    }

    @Override
    public void close() {
        routes.close();
        listener.close();
    }
}
