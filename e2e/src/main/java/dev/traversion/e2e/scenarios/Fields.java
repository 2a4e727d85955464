/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Set;

/** Reads fields of a scenario's description, and says where it is wrong. */
final class Fields {

    private Fields() {}

    /** @throws IllegalArgumentException if there is any other field */
    static void only(JsonNode node, String where, String... known) {
        Set<String> names = Set.of(known);
        for (Iterator<String> fields = node.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!names.contains(field)) {
                throw new IllegalArgumentException(
                        where + ": unknown field '" + field + "'; there are " + String.join(", ", known));
            }
        }
    }

    static String text(JsonNode node, String where, String field) {
        if (!node.path(field).isTextual()) {
            throw new IllegalArgumentException(where + ": '" + field + "' must be a text");
        }
        return node.get(field).asText();
    }
}
