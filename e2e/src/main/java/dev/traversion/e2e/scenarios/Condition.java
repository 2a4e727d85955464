/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Something an API server says sooner or later.
 *
 * @param get what to read: {@code pods?labelSelector=app=web} or {@code apps/v1/deployments/web} of the scenario's namespace, or a whole
 *     path that begins with a slash
 * @param matches regular expression, with {@code ${NAMESPACE}} for the scenario's namespace: found in the answer's JSON, which is
 *     written without blanks; an object that is not there answers with an empty text
 * @param within how long to wait
 */
public record Condition(String get, String matches, Duration within) {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    static Condition of(JsonNode node, String where) {
        Fields.only(node, where, "get", "matches", "within");
        Condition condition = new Condition(
                Fields.text(node, where, "get"),
                Fields.text(node, where, "matches"),
                node.has("within") ? Duration.ofSeconds(node.get("within").asLong()) : LIMIT);
        try {
            condition.pattern("any");
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(where + ": 'matches' is no regular expression: " + e.getMessage(), e);
        }
        return condition;
    }

    Pattern pattern(String namespace) {
        return Pattern.compile(matches.replace(Scenario.NAMESPACE, namespace), Pattern.DOTALL);
    }
}
