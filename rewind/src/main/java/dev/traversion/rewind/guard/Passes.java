/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.rewind.access.User;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.tls.ClientIdentity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Passes of people, who have no tokens for an audience: a CertificateSigningRequest that was never to be signed. The API server
 * writes into it who created it, whatever they logged in with, and nobody can change that; its key is proven in the TLS handshake. So
 * nothing travels to rewind that could be used elsewhere. Deleting or denying the request ends the pass.
 */
final class Passes {

    static final String SIGNER = "traversion.dev/rewind";

    private static final String PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests/";
    private static final Pattern NAME = Pattern.compile("traversion-[a-z0-9]{1,64}");
    private static final Duration LONGEST = Duration.ofHours(4);
    private static final int REMEMBERED = 10_000;

    private final KubernetesApi api;
    private final Clock clock;
    private final ShortMemory<String, Optional<Pass>> passes;

    private record Pass(User user, byte[] key, Instant ends) {}

    Passes(KubernetesApi api, Clock clock, LongSupplier nanoTime) {
        this.api = api;
        this.clock = clock;
        this.passes = new ShortMemory<>(REMEMBERED, nanoTime);
    }

    /**
     * Who made the request that the certificate names.
     *
     * @param certificate whose key the client has proven to hold; nothing else in it is believed
     * @throws StatusFailure 401 if there is no such request, or it is for another key or too old
     */
    User holder(X509Certificate certificate) {
        String name = ClientIdentity.name(certificate);
        Optional<Pass> pass = NAME.matcher(name).matches() ? passes.get(name, () -> read(name)) : Optional.empty();
        if (pass.isEmpty()
                || !MessageDigest.isEqual(
                        pass.get().key, certificate.getPublicKey().getEncoded())) {
            throw StatusFailure.unauthorized(
                    "the API server knows of no pass for this key; make one: kubectl traversion rewind TIME");
        }
        if (!clock.instant().isBefore(pass.get().ends)) {
            throw StatusFailure.unauthorized("the pass has run out; make another: kubectl traversion rewind TIME");
        }
        return pass.get().user;
    }

    private Optional<Pass> read(String name) {
        return api.get(PATH + name).flatMap(Passes::pass);
    }

    private static Optional<Pass> pass(JsonNode request) {
        JsonNode spec = request.path("spec");
        if (!spec.path("signerName").asText().equals(SIGNER)) {
            return Optional.empty();
        }
        for (JsonNode condition : request.path("status").path("conditions")) {
            if (!condition.path("type").asText().equals("Approved")) {
                return Optional.empty();
            }
        }
        try {
            String pem =
                    new String(Base64.getDecoder().decode(spec.path("request").asText()), StandardCharsets.US_ASCII);
            Instant created = Instant.parse(
                    request.path("metadata").path("creationTimestamp").asText());
            long asked = spec.path("expirationSeconds").asLong(LONGEST.toSeconds());
            Instant ends = created.plusSeconds(Math.min(asked, LONGEST.toSeconds()));
            return Optional.of(new Pass(Authentication.user(spec), ClientIdentity.keyOfRequest(pem), ends));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
