/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * A key and a self-signed certificate for 127.0.0.1, ::1 and localhost, made when the server starts and gone with it. The JDK has no
 * public API that makes certificates, so the few DER structures of RFC 5280 are written here.
 */
public final class LoopbackCertificate {

    private static final char[] PASSWORD = {};
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] ECDSA_WITH_SHA256 = sequence(oid(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02));
    private static final byte[] COMMON_NAME = oid(0x55, 0x04, 0x03);
    private static final byte[] SUBJECT_ALT_NAME = oid(0x55, 0x1D, 0x11);
    private static final byte[] BASIC_CONSTRAINTS = oid(0x55, 0x1D, 0x13);
    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xFF};

    private final KeyStore keyStore;
    private final byte[] encoded;

    private LoopbackCertificate(KeyStore keyStore, byte[] encoded) {
        this.keyStore = keyStore;
        this.encoded = encoded;
    }

    /** Makes a key and its certificate, valid from a day before {@code now} for ten years. */
    public static LoopbackCertificate create(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] name = sequence(element(0x31, sequence(COMMON_NAME, utf8("traversion"))));
            byte[] validity = sequence(time(now.minus(1, ChronoUnit.DAYS)), time(now.plus(3650, ChronoUnit.DAYS)));
            byte[] alternativeNames = sequence(
                    element(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                    element(0x87, new byte[] {127, 0, 0, 1}),
                    element(0x87, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
            byte[] extensions = sequence(
                    sequence(BASIC_CONSTRAINTS, TRUE, element(0x04, sequence(TRUE))),
                    sequence(SUBJECT_ALT_NAME, element(0x04, alternativeNames)));
            byte[] toBeSigned = sequence(
                    element(0xA0, element(0x02, new byte[] {2})),
                    element(
                            0x02,
                            new BigInteger(120, new SecureRandom()).setBit(119).toByteArray()),
                    ECDSA_WITH_SHA256,
                    name,
                    validity,
                    name,
                    pair.getPublic().getEncoded(),
                    element(0xA3, extensions));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(toBeSigned);
            byte[] encoded = sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature.sign()));
            Certificate certificate =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
            KeyStore keyStore = KeyStore.getInstance("PKCS12");
            keyStore.load(null, PASSWORD);
            keyStore.setKeyEntry("traversion", pair.getPrivate(), PASSWORD, new Certificate[] {certificate});
            return new LoopbackCertificate(keyStore, encoded);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime cannot make a certificate", e);
        }
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
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END CERTIFICATE-----\n";
    }

    private static byte[] sequence(byte[]... parts) {
        return element(0x30, parts);
    }

    private static byte[] utf8(String text) {
        return element(0x0C, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] time(Instant instant) {
        return element(0x18, GENERALIZED_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bitString(byte[] bits) {
        return element(0x03, new byte[] {0}, bits);
    }

    private static byte[] oid(int... bytes) {
        byte[] encoded = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            encoded[i] = (byte) bytes[i];
        }
        return element(0x06, encoded);
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
