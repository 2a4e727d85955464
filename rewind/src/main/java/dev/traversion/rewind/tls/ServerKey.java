/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.tls;

import dev.traversion.archive.TraversionException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key and the certificates of a mounted Secret of type kubernetes.io/tls: {@code tls.crt} and {@code tls.key}, in any form that
 * cert-manager writes.
 */
public final class ServerKey {

    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN (RSA |EC |)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END (RSA |EC |)PRIVATE KEY-----");

    private ServerKey() {}

    /**
     * Reads them into a key store without a password.
     *
     * @throws TraversionException if they are not there, or do not belong together
     */
    public static KeyStore read(Path folder) {
        Path certificates = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        try {
            Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificates)));
            if (chain.isEmpty()) {
                throw new TraversionException(certificates + " holds no certificate in PEM.");
            }
            Certificate own = chain.iterator().next();
            PrivateKey privateKey = privateKey(Files.readString(key, StandardCharsets.US_ASCII), own);
            if (!belongTogether(privateKey, own)) {
                throw new TraversionException(
                        key + " is not the key of the first certificate in " + certificates + ".");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("traversion", privateKey, new char[0], chain.toArray(Certificate[]::new));
            return store;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new TraversionException(
                    "The certificate in " + folder + " cannot be used (tls.crt, tls.key): " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(String pem, Certificate certificate) throws GeneralSecurityException {
        Matcher key = KEY.matcher(pem);
        if (!key.find()) {
            throw new IllegalArgumentException("tls.key holds no private key in PEM");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(key.group(2));
        String algorithm = certificate.getPublicKey().getAlgorithm();
        if (!key.group(1).isEmpty()) {
            // PKCS#1 and SEC 1 do not name the algorithm, with its curve; the certificate does.
            byte[] named = Der.elements(certificate.getPublicKey().getEncoded())[0];
            encoded = Der.sequence(Der.element(0x02, new byte[] {0}), named, Der.element(0x04, encoded));
        }
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static boolean belongTogether(PrivateKey key, Certificate certificate) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        byte[] sample = certificate.getEncoded();
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(sample);
        byte[] signature = signing.sign();
        signing.initVerify(certificate.getPublicKey());
        signing.update(sample);
        return signing.verify(signature);
    }

    /** What tells one state of the folder from another. */
    static byte[] content(Path folder) throws IOException {
        byte[] certificates = Files.readAllBytes(folder.resolve("tls.crt"));
        byte[] key = Files.readAllBytes(folder.resolve("tls.key"));
        byte[] both = Arrays.copyOf(certificates, certificates.length + key.length);
        System.arraycopy(key, 0, both, certificates.length, key.length);
        return both;
    }
}
