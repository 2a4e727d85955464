/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Certificates as objects hold them. */
public final class Certificates {

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

    private Certificates() {}

    /** When the first of the certificates in a text ends to be valid, which is PEM or the base64 of it; empty if there is none. */
    public static Optional<Instant> end(String text) {
        String pem = text.contains(BEGIN) ? text : decoded(text);
        int begin = pem.indexOf(BEGIN);
        if (begin < 0) {
            return Optional.empty();
        }
        Instant end = null;
        try {
            byte[] bytes = pem.substring(begin).getBytes(StandardCharsets.US_ASCII);
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
                Instant its = ((X509Certificate) each).getNotAfter().toInstant();
                end = end == null || its.isBefore(end) ? its : end;
            }
        } catch (CertificateException e) {
            // What is no certificate, or one cut off, never ends.
            return Optional.empty();
        }
        return Optional.ofNullable(end);
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text.strip()), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            // It is not base64, and so no certificate.
            return "";
        }
    }
}
