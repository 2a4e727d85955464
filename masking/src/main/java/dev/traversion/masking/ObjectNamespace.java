/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.traversion.archive.json.ObjectJson;
import java.io.IOException;

/** Reads the namespace of an object. */
final class ObjectNamespace {

    private ObjectNamespace() {}

    /** {@code ""} for an object in none, and for what is no object. */
    static String of(byte[] body) throws IOException {
        try (JsonParser parser = ObjectJson.parser(body)) {
            if (parser.nextToken() == JsonToken.START_OBJECT
                    && find(parser, "metadata")
                    && parser.currentToken() == JsonToken.START_OBJECT
                    && find(parser, "namespace")) {
                return parser.getValueAsString("");
            }
        }
        return "";
    }

    private static boolean find(JsonParser parser, String field) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isFound = parser.currentName().equals(field);
            parser.nextToken();
            if (isFound) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }
}
