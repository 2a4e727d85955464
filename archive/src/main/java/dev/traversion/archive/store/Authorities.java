/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Trust in the certificate authorities of a PEM file, and in no others. */
record Authorities(SSLSocketFactory sockets, X509TrustManager trust) {

    /** @throws TraversionException if the file cannot be read, or has no certificate */
    static Authorities of(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new TraversionException("AWS_CA_BUNDLE: there is no certificate in " + pem + ". It must be PEM.");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            X509TrustManager trust = (X509TrustManager) factory.getTrustManagers()[0];
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return new Authorities(context.getSocketFactory(), trust);
        } catch (IOException | GeneralSecurityException e) {
            throw new TraversionException(
                    "AWS_CA_BUNDLE: the certificates in " + pem + " cannot be read (" + e.getMessage()
                            + "). It must be PEM.",
                    e);
        }
    }
}
