/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A key and a self-signed certificate for it, in memory only. The JDK has no public API that makes certificates, so the few DER structures
 * of RFC 5280 are written here.
 */
public final class OwnCertificate {

    private static final char[] PASSWORD = {};
    private static final Duration EARLIER = Duration.ofDays(1);

    static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02));
    private static final byte[] COMMON_NAME = Der.oid(0x55, 0x04, 0x03);
    private static final byte[] SUBJECT_ALT_NAME = Der.oid(0x55, 0x1D, 0x11);
    private static final byte[] BASIC_CONSTRAINTS = Der.oid(0x55, 0x1D, 0x13);
    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xFF};

    private final KeyStore keyStore;
    private final byte[] encoded;

    private OwnCertificate(KeyStore keyStore, byte[] encoded) {
        this.keyStore = keyStore;
        this.encoded = encoded;
    }

    /**
     * For 127.0.0.1, ::1, localhost and some more DNS names, valid from a day before {@code now}, which forgives clocks that differ.
     *
     * @param validity from {@code now} on
     */
    public static OwnCertificate create(Instant now, Duration validity, List<String> names) {
        try {
            KeyPair pair = keyPair();
            List<byte[]> alternatives = new ArrayList<>();
            names.forEach(name -> alternatives.add(Der.element(0x82, name.getBytes(StandardCharsets.US_ASCII))));
            alternatives.add(Der.element(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)));
            alternatives.add(Der.element(0x87, new byte[] {127, 0, 0, 1}));
            alternatives.add(Der.element(0x87, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
            byte[] extensions = Der.sequence(
                    Der.sequence(BASIC_CONSTRAINTS, TRUE, Der.element(0x04, Der.sequence(TRUE))),
                    Der.sequence(
                            SUBJECT_ALT_NAME, Der.element(0x04, Der.sequence(alternatives.toArray(byte[][]::new)))));
            byte[] encoded = signed(pair, "traversion", now, validity, extensions);
            KeyStore keyStore = KeyStore.getInstance("PKCS12");
            keyStore.load(null, PASSWORD);
            keyStore.setKeyEntry("traversion", pair.getPrivate(), PASSWORD, new Certificate[] {parse(encoded)});
            return new OwnCertificate(keyStore, encoded);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime cannot make a certificate", e);
        }
    }

    static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    static byte[] name(String commonName) {
        return Der.sequence(Der.element(0x31, Der.sequence(COMMON_NAME, Der.utf8(commonName))));
    }

    /** @param extensions DER sequence of them; null for none */
    static byte[] signed(KeyPair pair, String commonName, Instant now, Duration validity, byte[] extensions)
            throws GeneralSecurityException {
        byte[] name = name(commonName);
        byte[] none = {};
        byte[] toBeSigned = Der.sequence(
                Der.element(0xA0, Der.element(0x02, new byte[] {2})),
                Der.element(
                        0x02,
                        new BigInteger(120, new SecureRandom()).setBit(119).toByteArray()),
                ECDSA_WITH_SHA256,
                name,
                Der.sequence(Der.time(now.minus(EARLIER)), Der.time(now.plus(validity))),
                name,
                pair.getPublic().getEncoded(),
                extensions == null ? none : Der.element(0xA3, extensions));
        return Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bitString(signature(pair, toBeSigned)));
    }

    static byte[] signature(KeyPair pair, byte[] content) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(content);
        return signature.sign();
    }

    private static Certificate parse(byte[] encoded) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    static String pem(String what, byte[] encoded) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END " + what
                + "-----\n";
    }

    /** Holds the key and its certificate. */
    public KeyStore keyStore() {
        return keyStore;
    }

    public char[] password() {
        return PASSWORD.clone();
    }

    /** The certificate in PEM, which is its own authority. */
    public String pem() {
        return pem("CERTIFICATE", encoded);
    }
}
