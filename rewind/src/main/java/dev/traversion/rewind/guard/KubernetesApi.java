/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The few questions rewind asks the API server of today, as itself. Safe for concurrent use. */
public final class KubernetesApi implements AutoCloseable {

    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final Path token;
    private final HttpClient http;

    /**
     * @param server root URL
     * @param authority PEM file with the authority of its certificate
     * @param token file that holds rewind's own token; read for each question, since the kubelet replaces it
     * @throws TraversionException if the authority cannot be read
     */
    public KubernetesApi(URI server, Path authority, Path token) {
        this.server = server;
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .sslContext(trusting(authority))
                .build();
    }

    /**
     * The API server of the pod this runs in.
     *
     * @throws TraversionException if it runs in none
     */
    public static KubernetesApi ofPod(Map<String, String> environment) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        if (host.isEmpty()) {
            throw new TraversionException("This does not run in a pod, so it does not know its API server."
                    + " Name it with --api-server, --api-ca and --api-token.");
        }
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        URI server = URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        return new KubernetesApi(server, ACCOUNT.resolve("ca.crt"), ACCOUNT.resolve("token"));
    }

    private static SSLContext trusting(Path authority) {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new TraversionException(
                    "The API server's authority in " + authority + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The uid of the namespace kube-system, which identifies the cluster. Empty while the API server does not tell.
     */
    public Optional<String> clusterId() {
        try {
            return get("/api/v1/namespaces/kube-system")
                    .map(namespace -> namespace.path("metadata").path("uid").asText());
        } catch (StatusFailure e) {
            return Optional.empty();
        }
    }

    /**
     * Has a review answered.
     *
     * @throws StatusFailure 503 if there is no answer
     */
    JsonNode review(String path, Object review) {
        try {
            HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(server.resolve(path))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(review))));
            if (answer.statusCode() / 100 == 2) {
                return JSON.readTree(answer.body()).path("status");
            }
            throw refused(path, answer);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /**
     * An object; empty if there is none.
     *
     * @throws StatusFailure 503 if there is no answer
     */
    Optional<JsonNode> get(String path) {
        try {
            HttpResponse<byte[]> answer =
                    send(HttpRequest.newBuilder(server.resolve(path)).GET());
            return switch (answer.statusCode()) {
                case 200 -> Optional.of(JSON.readTree(answer.body()));
                case 404 -> Optional.empty();
                default -> throw refused(path, answer);
            };
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        String bearer = Files.readString(token).strip();
        HttpRequest complete = request.header("Authorization", "Bearer " + bearer)
                .header("Accept", "application/json")
                .timeout(LIMIT)
                .build();
        try {
            return http.send(complete, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static StatusFailure unreachable(IOException e) {
        System.getLogger(KubernetesApi.class.getName())
                .log(System.Logger.Level.WARNING, "the API server does not answer", e);
        return StatusFailure.unavailable("rewind cannot ask the API server whether you may read this, so nothing is"
                + " shown; try again when it answers");
    }

    private static StatusFailure refused(String path, HttpResponse<byte[]> answer) {
        System.getLogger(KubernetesApi.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "the API server answers " + answer.statusCode() + " to " + path + ": "
                                + new String(answer.body(), StandardCharsets.UTF_8));
        return StatusFailure.unavailable("the API server does not tell rewind whether you may read this (status "
                + answer.statusCode()
                + "), so nothing is shown; rewind's service account needs system:auth-delegator and"
                + " get on namespaces and certificatesigningrequests");
    }

    @Override
    public void close() {
        http.close();
    }
}
