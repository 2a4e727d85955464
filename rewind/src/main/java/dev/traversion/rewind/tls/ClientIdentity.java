/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key with which somebody proves to be who made a request about it to the API server.
 *
 * @param name of that request
 * @param key private, PKCS#8 in PEM
 * @param certificate self-signed, PEM; it carries the name, and says nothing else that is believed
 * @param request PKCS#10 in PEM
 */
public record ClientIdentity(String name, String key, String certificate, String request) {

    private static final Pattern COMMON_NAME = Pattern.compile("CN=([A-Za-z0-9.-]+)");
    private static final Pattern REQUEST =
            Pattern.compile("-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE REQUEST-----");

    /** Makes a new key. */
    public static ClientIdentity create(String name, Instant now, Duration validity) {
        try {
            KeyPair pair = OwnCertificate.keyPair();
            byte[] content = Der.sequence(
                    Der.element(0x02, new byte[] {0}),
                    OwnCertificate.name(name),
                    pair.getPublic().getEncoded(),
                    Der.element(0xA0));
            byte[] request = Der.sequence(
                    content, OwnCertificate.ECDSA_WITH_SHA256, Der.bitString(OwnCertificate.signature(pair, content)));
            return new ClientIdentity(
                    name,
                    OwnCertificate.pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
                    OwnCertificate.pem("CERTIFICATE", OwnCertificate.signed(pair, name, now, validity, null)),
                    OwnCertificate.pem("CERTIFICATE REQUEST", request));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot make a key", e);
        }
    }

    /** Key and certificate, without a password. */
    public KeyStore keyStore() {
        try {
            Certificate parsed = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)));
            byte[] encoded = Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", ""));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    name,
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded)),
                    new char[0],
                    new Certificate[] {parsed});
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime cannot read the key it made", e);
        }
    }

    /** The name that a certificate carries; {@code ""} if it carries none. */
    public static String name(X509Certificate certificate) {
        Matcher name = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
        return name.matches() ? name.group(1) : "";
    }

    /**
     * The public key that a PKCS#10 request is about, as its SubjectPublicKeyInfo.
     *
     * @throws IllegalArgumentException if it is no such request
     */
    public static byte[] keyOfRequest(String pem) {
        Matcher request = REQUEST.matcher(pem);
        if (!request.find()) {
            throw new IllegalArgumentException("there is no certificate request");
        }
        byte[][] whole = Der.elements(Base64.getMimeDecoder().decode(request.group(1)));
        byte[][] content = whole.length == 0 ? whole : Der.elements(whole[0]);
        if (content.length < 3) {
            throw new IllegalArgumentException("the certificate request holds no key");
        }
        return content[2];
    }
}
