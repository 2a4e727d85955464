/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Something an API server says sooner or later.
 *
 * @param get what to read: {@code pods?labelSelector=app=web} or {@code apps/v1/deployments/web} of the scenario's namespace, or a whole
 *     path that begins with a slash
 * @param matches found in the answer's JSON, which is written without blanks; an object that is not there answers with an empty text
 * @param within how long to wait
 */
public record Condition(String get, Pattern matches, Duration within) {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    static Condition of(JsonNode node, String where) {
        Fields.only(node, where, "get", "matches", "within");
        return new Condition(
                Fields.text(node, where, "get"),
                Pattern.compile(Fields.text(node, where, "matches"), Pattern.DOTALL),
                node.has("within") ? Duration.ofSeconds(node.get("within").asLong()) : LIMIT);
    }
}
