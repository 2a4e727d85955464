/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key with its certificate, which nobody has signed, for 127.0.0.1; made by the JDK's keytool. */
public record KeyPairFile(Path file) {

    private static final String PASSWORD = "not-secret";
    private static final String ALIAS = "key";

    /** @param name of whom it is */
    public static KeyPairFile create(Path directory, String name) throws IOException, InterruptedException {
        Path file = directory.resolve(name + ".p12");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(
                Arrays.asList("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "SAN=ip:127.0.0.1"));
        command.addAll(Arrays.asList("-keystore", file.toString(), "-storepass", PASSWORD, "-alias", ALIAS));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        byte[] output = keytool.getInputStream().readAllBytes();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + new String(output, StandardCharsets.UTF_8));
        }
        return new KeyPairFile(file);
    }

    /**
     * TLS of a server with this key.
     *
     * @param client the only client that may connect; null for any
     */
    public SSLContext server(KeyPairFile client) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(), PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        if (client == null) {
            tls.init(keys.getKeyManagers(), null, null);
        } else {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, client.store().getCertificate(ALIAS));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        }
        return tls;
    }

    /** The certificate, as a kubeconfig has it: PEM in base64. */
    public String certificateData() throws IOException, GeneralSecurityException {
        return data("CERTIFICATE", store().getCertificate(ALIAS).getEncoded());
    }

    /** The key, likewise. */
    public String keyData() throws IOException, GeneralSecurityException {
        Key key = store().getKey(ALIAS, PASSWORD.toCharArray());
        return data("PRIVATE KEY", key.getEncoded());
    }

    private static String data(String what, byte[] der) {
        String pem = "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END "
                + what + "-----\n";
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }
}
