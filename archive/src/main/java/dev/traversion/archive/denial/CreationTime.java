/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads when an object was created. */
public final class CreationTime {

    private static final JsonFactory JSON = new JsonFactory();

    private CreationTime() {}

    /** {@code metadata.creationTimestamp}; {@code ""} if there is none. */
    public static String of(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            if (enter(parser, "metadata") && parser.currentToken() == JsonToken.START_OBJECT) {
                return find(parser, "creationTimestamp") ? parser.getValueAsString("") : "";
            }
        } catch (IOException e) {
            // Of what is no JSON nothing is known.
            System.getLogger(CreationTime.class.getName()).log(System.Logger.Level.DEBUG, "no JSON object", e);
        }
        return "";
    }

    private static boolean enter(JsonParser parser, String field) throws IOException {
        return parser.nextToken() == JsonToken.START_OBJECT && find(parser, field);
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
