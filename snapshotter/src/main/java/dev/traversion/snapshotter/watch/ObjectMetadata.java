/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.traversion.archive.json.ObjectJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a recorder needs to know of an object. Read without parsing more than it must.
 *
 * @param namespace {@code ""} for cluster-scoped objects
 */
public record ObjectMetadata(
        String apiVersion, String kind, String namespace, String name, String uid, String resourceVersion) {

    /** Names have 253 characters at most; nothing else here is longer. */
    private static final int LONGEST_TEXT = 2_000;

    /**
     * The same object in another version: what a watch delivers of a deletion is the last state with the deletion's own version.
     *
     * @param version a number
     */
    static byte[] withResourceVersion(byte[] body, String version) throws IOException {
        try (JsonParser parser = ObjectJson.parser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isMetadata = parser.currentName().equals("metadata");
                if (parser.nextToken() == JsonToken.START_OBJECT && isMetadata) {
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        boolean isVersion = parser.currentName().equals("resourceVersion");
                        parser.nextToken();
                        if (isVersion) {
                            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                                throw new IOException("its resourceVersion is not text");
                            }
                            int start = (int) parser.currentTokenLocation().getByteOffset() + 1;
                            parser.finishToken();
                            int end = (int) parser.currentLocation().getByteOffset() - 1;
                            return replace(body, start, end, version.getBytes(StandardCharsets.UTF_8));
                        }
                        parser.skipChildren();
                    }
                }
                parser.skipChildren();
            }
        }
        throw new IOException("the object has no resourceVersion");
    }

    private static byte[] replace(byte[] bytes, int start, int end, byte[] by) {
        byte[] replaced = new byte[bytes.length - (end - start) + by.length];
        System.arraycopy(bytes, 0, replaced, 0, start);
        System.arraycopy(by, 0, replaced, start, by.length);
        System.arraycopy(bytes, end, replaced, start + by.length, bytes.length - end);
        return replaced;
    }

    static ObjectMetadata read(byte[] body) throws IOException {
        return read(body, 0, body.length);
    }

    /** Reads an object's kind and metadata; stops after metadata. */
    public static ObjectMetadata read(byte[] body, int offset, int length) throws IOException {
        return read(body, offset, length, true);
    }

    /**
     * Reads an object's kind and metadata, as far as it must: what is asked for comes first, usually.
     *
     * @param namespaced whether the object is in a namespace: if not, none is looked for once the rest is found
     */
    static ObjectMetadata read(byte[] body, int offset, int length, boolean namespaced) throws IOException {
        String apiVersion = "";
        String kind = "";
        String namespace = "";
        String name = "";
        String uid = "";
        String resourceVersion = "";
        try (JsonParser parser = ObjectJson.parser(body, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("kind")) {
                    kind = text(parser);
                } else if (field.equals("apiVersion")) {
                    apiVersion = text(parser);
                } else if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String member = parser.currentName();
                        parser.nextToken();
                        switch (member) {
                            case "namespace" -> namespace = text(parser);
                            case "name" -> name = text(parser);
                            case "uid" -> uid = text(parser);
                            case "resourceVersion" -> resourceVersion = text(parser);
                            default -> parser.skipChildren();
                        }
                        if (!(name.isEmpty() || uid.isEmpty() || resourceVersion.isEmpty())
                                && !(namespaced && namespace.isEmpty())) {
                            break;
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

    private static String text(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> shortText(parser);
            case VALUE_NULL -> "";
            default -> throw new IOException("its field " + parser.currentName() + " is not text");
        };
    }

    private static String shortText(JsonParser parser) throws IOException {
        String text = parser.getText();
        if (text.length() > LONGEST_TEXT) {
            throw new IOException("its field " + parser.currentName() + " has " + text.length() + " characters");
        }
        return text;
    }
}
