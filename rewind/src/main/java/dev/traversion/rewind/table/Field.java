/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * A field of an object by its path, such as {@code spec.replicas}. A field that is absent or null reads as the zero of its Go
 * type, as the API server sees it.
 */
final class Field {

    private final String[] names;

    private Field(String path) {
        this.names = path.split("\\.");
    }

    static Field of(String path) {
        return new Field(path);
    }

    /** The field, or a missing node. */
    JsonNode in(JsonNode object) {
        JsonNode node = object;
        for (String name : names) {
            node = node.path(name);
        }
        return node;
    }

    boolean isSet(JsonNode object) {
        JsonNode node = in(object);
        return !node.isMissingNode() && !node.isNull();
    }

    String text(JsonNode object) {
        return in(object).asText("");
    }

    long number(JsonNode object) {
        return in(object).asLong(0);
    }

    boolean bool(JsonNode object) {
        return in(object).asBoolean(false);
    }

    /** Whether a direct field of a node is there and not null: a Go pointer that is not nil. */
    static boolean isSet(JsonNode node, String name) {
        return node.hasNonNull(name);
    }

    static String text(JsonNode node, String name) {
        return node.path(name).asText("");
    }

    static String text(JsonNode node, String name, String ifEmpty) {
        String text = text(node, name);
        return text.isEmpty() ? ifEmpty : text;
    }

    /** Kinds in references are printed in lower case. */
    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
