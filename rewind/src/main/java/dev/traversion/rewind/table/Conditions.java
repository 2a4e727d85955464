/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The {@code status.conditions} of objects. */
final class Conditions {

    private Conditions() {}

    /** The first condition of a type. */
    static Optional<JsonNode> first(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (Field.text(condition, "type").equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    /** The last condition of a type. */
    static Optional<JsonNode> last(JsonNode conditions, String type) {
        Optional<JsonNode> last = Optional.empty();
        for (JsonNode condition : conditions) {
            if (Field.text(condition, "type").equals(type)) {
                last = Optional.of(condition);
            }
        }
        return last;
    }

    static boolean isTrue(JsonNode condition) {
        return Field.text(condition, "status").equals("True");
    }

    /** Whether the first condition of a type is true. */
    static boolean isTrue(JsonNode conditions, String type) {
        return first(conditions, type).map(Conditions::isTrue).orElse(false);
    }

    static boolean has(JsonNode conditions, String type) {
        return first(conditions, type).isPresent();
    }
}
