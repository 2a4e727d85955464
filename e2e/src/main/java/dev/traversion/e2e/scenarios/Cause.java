/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * What has caused a fault, or is said to have.
 *
 * @param kind such as {@code Deployment}
 * @param namespace {@code ""} of what is in none
 * @param operation changed, created, deleted or observed
 * @param path the field, as {@code kubectl traversion diff} writes it; {@code ""} for the whole object
 * @param manager the field manager; {@code ""} where nobody can know it
 */
public record Cause(String kind, String namespace, String name, String operation, String path, String manager) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads what {@link #json} writes; what is absent is {@code ""}. */
    static Cause of(JsonNode node) {
        return new Cause(
                node.path("kind").asText(""),
                node.path("namespace").asText(""),
                node.path("name").asText(""),
                node.path("operation").asText("changed"),
                node.path("path").asText(""),
                node.path("manager").asText(""));
    }

    ObjectNode json() {
        return JSON.createObjectNode()
                .put("kind", kind)
                .put("namespace", namespace)
                .put("name", name)
                .put("operation", operation)
                .put("path", path)
                .put("manager", manager);
    }

    boolean sameObject(Cause other) {
        return kind.equalsIgnoreCase(other.kind) && namespace.equals(other.namespace) && name.equals(other.name);
    }

    /** The same field of the same object, or one within the other: a probe that was added as a whole is a cause, too. */
    boolean sameField(Cause other) {
        return sameObject(other)
                && operation.equals("deleted") == other.operation.equals("deleted")
                && (isWithin(plain(path), plain(other.path)) || isWithin(plain(other.path), plain(path)));
    }

    boolean sameActor(Cause other) {
        return sameObject(other) && manager.equals(other.manager);
    }

    /** People quote names of which "diff" says that they need not be. */
    private static String plain(String path) {
        return path.replaceAll("\\[\"([A-Za-z0-9_-]+)\"\\]", ".$1");
    }

    private static boolean isWithin(String inner, String outer) {
        return inner.startsWith(outer)
                && (outer.isEmpty()
                        || inner.length() == outer.length()
                        || inner.charAt(outer.length()) == '.'
                        || inner.charAt(outer.length()) == '[');
    }

    @Override
    public String toString() {
        return kind.toLowerCase(Locale.ROOT) + "/" + name + (path.isEmpty() ? " " + operation : " " + path);
    }
}
