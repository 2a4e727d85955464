/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.terminal.Program;
import dev.traversion.rewind.tls.ClientIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The server of the past as this user reaches it. Requests share connections to it as long as their answers are read to the end. */
final class Connection {

    private static final HostnameVerifier BY_PIN = (_, _) -> true;
    private static final int DNS_NAME = 2;
    private static final int LIMIT_MILLIS = 15_000;

    /** What happened in a long stretch takes its time. */
    private static final int READ_LIMIT_MILLIS = 300_000;

    private static final String DISCOVERY =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    private static final Pattern WARNING = Pattern.compile("299 - \"(.*)\"");

    /**
     * What the server says.
     *
     * @param connection which has answered
     * @param warnings texts of its warnings
     */
    record Answer(HttpsURLConnection connection, List<String> warnings) implements AutoCloseable {

        InputStream body() throws IOException {
            return connection.getInputStream();
        }

        String header(String name) {
            return connection.getHeaderField(name);
        }

        JsonNode json() throws IOException {
            try (InputStream body = body()) {
                return new ObjectMapper().readTree(body);
            }
        }

        @Override
        public void close() throws IOException {
            body().close();
        }
    }

    private final String url;
    private final String authority;
    private final String serverName;
    private final ClientIdentity identity;

    /** One for all requests: Java keeps a connection for those of the same factory and the same verifier. */
    private final SSLSocketFactory sockets;

    /**
     * @param url root
     * @param authority PEM of what vouches for it
     * @param serverName the name in its certificate; {@code ""} where that is the URL's host
     */
    Connection(String url, String authority, String serverName, ClientIdentity identity) throws IOException {
        this.url = url;
        this.authority = authority;
        this.serverName = serverName;
        this.identity = identity;
        this.sockets = context(keys(identity), trusting(authority)).getSocketFactory();
    }

    String url() {
        return url;
    }

    String authority() {
        return authority;
    }

    String serverName() {
        return serverName;
    }

    ClientIdentity identity() {
        return identity;
    }

    /**
     * Through a forward, which the API server has led to a pod of the service: what answers there is the server, and from now on nothing
     * else is, whoever gets the port later.
     */
    static Connection pinned(int port, ClientIdentity identity) throws IOException {
        String url = "https://127.0.0.1:" + port;
        X509Certificate[] shown = new X509Certificate[1];
        X509TrustManager remembering = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
                throw new CertificateException("this is a client");
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                shown[0] = chain[0];
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext any = context(new KeyManager[0], new TrustManager[] {remembering});
        answer(connection(url + "/readyz", any.getSocketFactory(), true)).close();
        return new Connection(url, pem(shown[0]), name(shown[0]), identity);
    }

    /**
     * Asks for something.
     *
     * @param path from the root of the server on
     * @throws TraversionException what the server says, if it refuses
     */
    Answer get(String path) throws IOException {
        HttpsURLConnection connection = to(path);
        connection.setRequestProperty("Accept", DISCOVERY);
        return answer(connection);
    }

    /** As {@link #get}, empty if the server has no such thing. */
    Optional<Answer> find(String path) throws IOException {
        HttpsURLConnection connection = to(path);
        return connection.getResponseCode() == HttpsURLConnection.HTTP_NOT_FOUND
                ? Optional.empty()
                : Optional.of(answer(connection));
    }

    /** A connection to something, not yet opened. */
    HttpsURLConnection to(String path) throws IOException {
        return connection(url + path, sockets, !serverName.isEmpty());
    }

    private static HttpsURLConnection connection(String url, SSLSocketFactory sockets, boolean byPin)
            throws IOException {
        HttpsURLConnection connection =
                (HttpsURLConnection) URI.create(url).toURL().openConnection();
        connection.setSSLSocketFactory(sockets);
        if (byPin) {
            // The certificate itself is what is expected, whatever the address.
            connection.setHostnameVerifier(BY_PIN);
        }
        connection.setConnectTimeout(LIMIT_MILLIS);
        connection.setReadTimeout(READ_LIMIT_MILLIS);
        connection.setRequestProperty("User-Agent", "kubectl-traversion/" + Program.version());
        return connection;
    }

    private static Answer answer(HttpsURLConnection connection) throws IOException {
        if (connection.getResponseCode() != HttpsURLConnection.HTTP_OK) {
            String answer = connection.getErrorStream() == null
                    ? ""
                    : new String(connection.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            throw new TraversionException("The server of the past refuses: " + message(answer) + ".");
        }
        List<String> warnings = new ArrayList<>();
        connection.getHeaderFields().getOrDefault("Warning", List.of()).forEach(header -> {
            Matcher warning = WARNING.matcher(header);
            if (warning.matches()) {
                warnings.add(warning.group(1).replace("\\\"", "\""));
            }
        });
        return new Answer(connection, warnings);
    }

    private static String message(String answer) throws IOException {
        return answer.startsWith("{")
                ? new ObjectMapper().readTree(answer).path("message").asText()
                : answer.strip();
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot do TLS", e);
        }
    }

    private static KeyManager[] keys(ClientIdentity identity) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity.keyStore(), new char[0]);
            return keys.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot use the key it made", e);
        }
    }

    /** @return null, which is the public authorities, if there is none */
    private static TrustManager[] trusting(String authority) throws IOException {
        if (authority.isEmpty()) {
            return null;
        }
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII)))) {
                trusted.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            return trust.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new TraversionException("The annotation traversion.dev/ca holds no certificate in PEM.", e);
        }
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new TraversionException("The server's certificate cannot be read: " + e.getMessage(), e);
        }
    }

    private static String name(X509Certificate certificate) {
        try {
            if (certificate.getSubjectAlternativeNames() != null) {
                for (List<?> name : certificate.getSubjectAlternativeNames()) {
                    if (name.getFirst().equals(DNS_NAME)) {
                        return (String) name.get(1);
                    }
                }
            }
        } catch (CertificateException e) {
            throw new TraversionException("The server's certificate cannot be read: " + e.getMessage(), e);
        }
        return "localhost";
    }
}
