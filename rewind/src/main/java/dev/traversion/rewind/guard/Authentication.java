/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.access.User;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Who a request comes from, as the API server says: by a token made for rewind and nothing else, or by a key for which they made a
 * request to the API server (see {@link Passes}). No header is believed.
 */
final class Authentication {

    /** Tokens must be for this audience, so that whoever receives them here cannot use them on the API server, nor the other way. */
    static final String AUDIENCE = "traversion";

    private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final int REMEMBERED = 10_000;

    private final KubernetesApi api;
    private final Passes passes;
    private final ShortMemory<String, Optional<User>> tokens;

    Authentication(KubernetesApi api, Passes passes, LongSupplier nanoTime) {
        this.api = api;
        this.passes = passes;
        this.tokens = new ShortMemory<>(REMEMBERED, nanoTime);
    }

    /** @throws StatusFailure 401 if it is nobody, 503 if the API server does not say */
    User caller(Exchange exchange) {
        String token = exchange.bearer();
        if (!token.isEmpty()) {
            return tokens.get(digest(token), () -> review(token))
                    .orElseThrow(() -> StatusFailure.unauthorized("the token is not valid, or not for the audience "
                            + AUDIENCE + "; make one: kubectl create token ACCOUNT --audience " + AUDIENCE));
        }
        Optional<X509Certificate> certificate = exchange.clientCertificate();
        if (certificate.isPresent()) {
            return passes.holder(certificate.get());
        }
        throw StatusFailure.unauthorized(
                "rewind needs to know who you are: use kubectl traversion rewind, or a token for" + " the audience "
                        + AUDIENCE);
    }

    private Optional<User> review(String token) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
        review.putObject("spec").put("token", token).putArray("audiences").add(AUDIENCE);
        JsonNode status = api.review(PATH, review);
        boolean isMeant = false;
        for (JsonNode audience : status.path("audiences")) {
            isMeant |= audience.asText().equals(AUDIENCE);
        }
        // An authenticator that knows no audiences answers without any, and means its own.
        return isMeant && status.path("authenticated").asBoolean()
                ? Optional.of(user(status.path("user")))
                : Optional.empty();
    }

    /** A user in the form of a TokenReview, or of the spec of a CertificateSigningRequest. */
    static User user(JsonNode user) {
        List<String> groups = texts(user.path("groups"));
        Map<String, List<String>> extra = new TreeMap<>();
        user.path("extra").properties().forEach(entry -> extra.put(entry.getKey(), texts(entry.getValue())));
        return new User(user.path("username").asText(), user.path("uid").asText(""), groups, extra);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
