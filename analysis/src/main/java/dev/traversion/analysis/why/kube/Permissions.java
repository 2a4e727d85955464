/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Version;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What roles allow. */
public final class Permissions {

    /** As the API server says it; within JSON, too. */
    private static final Pattern FORBIDDEN =
            Pattern.compile("(?:User \\\\?\"([^\"\\\\]*)\\\\?\" )?cannot ([a-z]+) resource"
                    + " \\\\?\"([a-z0-9/.-]+)\\\\?\" in API group \\\\?\"([a-z0-9.-]*)\\\\?\""
                    + "(?: in the namespace \\\\?\"([a-z0-9-]*)\\\\?\")?");

    /** How API servers and their clients say that they do not know somebody; 401 alone could be any number. */
    private static final Pattern UNKNOWN = Pattern.compile(
            "\\bunauthorized\\b|asked for the client to provide credentials"
                    + "|\\b(?:https?(?:/[\\d.]+)?|status|code|error|response|returned|answered)\\b\\W{0,3}401\\b|\\(401\\)");

    private Permissions() {}

    /**
     * Something that a program asked for.
     *
     * @param user {@code ""} if it is not said
     * @param namespace {@code ""} if it is not said, or was for all of the cluster
     */
    public record Asked(String user, String verb, String resource, String group, String namespace) {}

    /** What a message says is forbidden; empty if it says nothing so. */
    public static Optional<Asked> forbidden(String text) {
        Matcher said = FORBIDDEN.matcher(text);
        return said.find()
                ? Optional.of(new Asked(
                        Objects.toString(said.group(1), ""),
                        said.group(2),
                        said.group(3),
                        said.group(4),
                        Objects.toString(said.group(5), "")))
                : Optional.empty();
    }

    /** Whether a role allows something, whatever the objects are called. */
    public static boolean allow(Version role, Asked asked) {
        for (JsonNode rule : role.get("rules")) {
            if (rule.path("resourceNames").isEmpty()
                    && Selectors.lists(rule.path("verbs"), asked.verb())
                    && Selectors.lists(rule.path("resources"), asked.resource())
                    && Selectors.lists(rule.path("apiGroups"), asked.group())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a message says that somebody is not known, which is not that he may not. */
    public static boolean unknown(String text) {
        return UNKNOWN.matcher(text.toLowerCase(Locale.ROOT)).find();
    }

    /** Whether each rule of a role is within one of another's: who has that has lost nothing. */
    public static boolean isWithin(Version role, Version other) {
        for (JsonNode rule : role.get("rules")) {
            boolean isIn = false;
            for (JsonNode wider : other.get("rules")) {
                isIn |= isWithin(rule, wider);
            }
            if (!isIn) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithin(JsonNode rule, JsonNode wider) {
        for (String list : List.of("verbs", "apiGroups", "resources", "nonResourceURLs")) {
            for (JsonNode each : rule.path(list)) {
                if (!Selectors.lists(wider.path(list), each.asText())) {
                    return false;
                }
            }
        }
        // Names know no asterisk.
        JsonNode names = wider.path("resourceNames");
        return names.isEmpty() || names.equals(rule.path("resourceNames"));
    }

    /** Whether an aggregated role, by its selectors, is made of this one, too. */
    public static boolean isPart(Version role, JsonNode selectors) {
        for (JsonNode selector : selectors) {
            if (Selectors.matches(selector, Pods.labels(role))) {
                return true;
            }
        }
        return false;
    }
}
