/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import dev.traversion.archive.TraversionException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Listens for HTTP/1.1 over TLS on one port. */
final class Listener implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;

    private Listener(String host, int port, SslContextFactory.Server tls, boolean plain, Handler handler) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("rewind");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        configuration.setOutputBufferSize(64 * 1024);
        configuration.setRequestHeaderSize(64 * 1024);
        configuration.setUriCompliance(UriCompliance.LEGACY);
        // Clients come by the name of a service, by an address, or through a port-forward; who they are is told
        // otherwise.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        SslConnectionFactory ssl = new SslConnectionFactory(tls, http.getProtocol());
        ConnectionFactory first = plain ? new DetectorConnectionFactory(ssl) : ssl;
        connector = new ServerConnector(server, first, http);
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(handler);
    }

    /**
     * Starts listening.
     *
     * @param host null for all addresses
     * @param port 0 for any free port
     * @param plain whether it also understands HTTP without TLS
     * @throws TraversionException if the port cannot be had
     */
    static Listener start(String host, int port, SslContextFactory.Server tls, boolean plain, Handler handler) {
        Listener listener = new Listener(host, port, tls, plain, handler);
        try {
            listener.server.start();
            return listener;
        } catch (Exception e) {
            listener.close();
            throw new TraversionException(
                    "cannot listen on " + (host == null ? "port " : host + ":") + port + ": " + e.getMessage()
                            + "; choose another port, or 0 for any free one",
                    e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new TraversionException("the server did not stop cleanly: " + e.getMessage(), e);
        }
    }
}
