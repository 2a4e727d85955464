/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.json.GoJson;
import java.io.UncheckedIOException;
import java.util.Base64;

/**
 * Where the next page of a list begins, and in which state. The moment goes with it, so that all pages show the same one even if the
 * list was asked for at {@code now}.
 *
 * @param moment which server it is of: the end of what it shows, ns
 * @param time the instant the list shows, ns
 * @param resourceVersion that of the list
 * @param after path of the last object of the page before
 */
record ContinueToken(long moment, long time, String resourceVersion, String after) {

    private static final String FORMAT = "traversion.dev/v1";

    /** That of a Kubernetes API server: the client held it when it went back in the middle of a list. */
    private static final String LIVE_FORMAT = "meta.k8s.io/v1";

    static ContinueToken parse(String text) {
        JsonNode token;
        try {
            token = GoJson.read(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw invalid();
        }
        if (token.path("v").asText().equals(LIVE_FORMAT)) {
            throw expired();
        }
        if (!token.path("v").asText().equals(FORMAT) || !token.path("at").canConvertToLong()) {
            throw invalid();
        }
        return new ContinueToken(
                token.path("of").asLong(),
                token.path("at").asLong(),
                token.path("rv").asText(),
                token.path("start").asText());
    }

    /** Clients answer it with a new list from the start. */
    static StatusFailure expired() {
        return StatusFailure.expired(
                "The provided continue parameter is too old to display a consistent list result. You must start a new list without"
                        + " the continue parameter.");
    }

    private static StatusFailure invalid() {
        return StatusFailure.badRequest(
                "invalid continue token: continue key is not valid: it does not come from this server");
    }

    String encode() {
        ObjectNode token = JsonNodeFactory.instance.objectNode();
        token.put("v", FORMAT)
                .put("of", moment)
                .put("rv", resourceVersion)
                .put("at", time)
                .put("start", after);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(GoJson.bytes(token));
    }

    ObjectKey key(ResourceType type) {
        int slash = after.indexOf('/');
        return slash < 0
                ? new ObjectKey(type, "", after)
                : new ObjectKey(type, after.substring(0, slash), after.substring(slash + 1));
    }
}
