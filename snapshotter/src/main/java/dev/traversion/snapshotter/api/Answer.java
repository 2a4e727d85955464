/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * @param path of the request
 * @param status of HTTP
 * @param retryAfter seconds the server asked to wait; 0 if it did not
 */
public record Answer(String path, int status, byte[] body, long retryAfter) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws RefusedException unless the status is 200 */
    public Answer orFail() throws RefusedException {
        if (status != 200) {
            throw new RefusedException(path, status, message(), retryAfter);
        }
        return this;
    }

    /** What the server says about a refusal. */
    public String message() {
        try {
            JsonNode message = JSON.readTree(body).path("message");
            if (message.isTextual()) {
                return message.asText();
            }
        } catch (IOException e) {
            // Not a Status: a proxy in between, which says it in plain text.
        }
        String text = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "status " + status : text;
    }
}
