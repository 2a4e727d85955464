/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.traversion.snapshotter.api.ObjectJson;
import java.io.IOException;

/**
 * What a recorder needs to know of an object. Read without parsing more than it must.
 *
 * @param namespace {@code ""} for cluster-scoped objects
 */
public record ObjectMetadata(
        String apiVersion, String kind, String namespace, String name, String uid, String resourceVersion) {

    static ObjectMetadata read(byte[] body) throws IOException {
        return read(body, 0, body.length);
    }

    /** Reads an object's kind and metadata; stops after metadata. */
    public static ObjectMetadata read(byte[] body, int offset, int length) throws IOException {
        String apiVersion = "";
        String kind = "";
        String namespace = "";
        String name = "";
        String uid = "";
        String resourceVersion = "";
        try (JsonParser parser = ObjectJson.FACTORY.createParser(body, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("kind")) {
                    kind = parser.getText();
                } else if (field.equals("apiVersion")) {
                    apiVersion = parser.getText();
                } else if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String member = parser.currentName();
                        parser.nextToken();
                        switch (member) {
                            case "namespace" -> namespace = parser.getText();
                            case "name" -> name = parser.getText();
                            case "uid" -> uid = parser.getText();
                            case "resourceVersion" -> resourceVersion = parser.getText();
                            default -> parser.skipChildren();
                        }
                    }
                    return new ObjectMetadata(apiVersion, kind, namespace, name, uid, resourceVersion);
                } else {
                    parser.skipChildren();
                }
            }
        }
        return new ObjectMetadata(apiVersion, kind, namespace, name, uid, resourceVersion);
    }
}
