/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.tls;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS of a server that stays up while its certificate is replaced: that of a mounted folder when the folder changes, or one of its own
 * before that runs out. New connections get the new one. Clients may show a certificate of any kind: that they hold its key is
 * proven here, and what that means is found out later.
 */
public final class RotatingTls implements AutoCloseable {

    private static final Duration OWN_VALIDITY = Duration.ofDays(90);
    private static final Duration OWN_USE = Duration.ofDays(60);
    private static final Duration CHECK = Duration.ofSeconds(5);

    private final Optional<Path> folder;
    private final List<String> names;
    private final Clock clock;
    private final SslContextFactory.Server factory = new AnyClient();
    private final Thread checking;
    private byte[] used;
    private Instant made;

    /** Jetty's own setting for this is for contexts without a key only. */
    private static final class AnyClient extends SslContextFactory.Server {
        @Override
        protected TrustManager[] getTrustManagers(KeyStore trustStore, Collection<? extends CRL> lists) {
            return TRUST_ALL_CERTS;
        }
    }

    /**
     * @param folder with tls.crt and tls.key; without it the server makes its own
     * @param names DNS names for a certificate of its own
     * @throws TraversionException if what is in the folder cannot be used
     */
    public RotatingTls(Optional<Path> folder, List<String> names, Clock clock) {
        this.folder = folder;
        this.names = List.copyOf(names);
        this.clock = clock;
        factory.setSniRequired(false);
        factory.setWantClientAuth(true);
        factory.setKeyStorePassword("");
        factory.setKeyStore(next());
        checking = Thread.ofVirtual().name("certificate").start(this::check);
    }

    /** For Jetty. */
    public SslContextFactory.Server factory() {
        return factory;
    }

    private KeyStore next() {
        made = clock.instant();
        if (folder.isEmpty()) {
            return OwnCertificate.create(made, OWN_VALIDITY, names).keyStore();
        }
        try {
            used = ServerKey.content(folder.get());
        } catch (IOException e) {
            throw new TraversionException(
                    "The certificate in " + folder.get() + " cannot be read: " + e.getMessage(), e);
        }
        return ServerKey.read(folder.get());
    }

    private boolean isDue() throws IOException {
        return folder.isPresent()
                ? !Arrays.equals(used, ServerKey.content(folder.get()))
                : clock.instant().isAfter(made.plus(OWN_USE));
    }

    private void check() {
        while (true) {
            try {
                Thread.sleep(CHECK);
                if (isDue()) {
                    KeyStore next = next();
                    factory.reload(changed -> changed.setKeyStore(next));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                // What it has goes on to be used; the folder is looked at again.
                System.getLogger(RotatingTls.class.getName())
                        .log(System.Logger.Level.WARNING, "the certificate was not replaced", e);
            }
        }
    }

    @Override
    public void close() {
        checking.interrupt();
    }
}
