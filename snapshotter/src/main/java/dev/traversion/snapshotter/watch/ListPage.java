/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.traversion.archive.json.ObjectJson;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A page of a list. Items of built-in kinds come without kind and apiVersion; they are put back in front, so that a body is the same
 * bytes whichever way it came.
 *
 * @param resourceVersion of the list
 * @param continuation the token for the next page; {@code ""} on the last one
 */
public record ListPage(String resourceVersion, String continuation) {

    /** Receives the objects of a page. */
    @FunctionalInterface
    public interface Items {
        void accept(byte[] object, int offset, int length) throws Exception;
    }

    /** @throws Exception if the bytes are no list, and whatever the receiver throws */
    public static ListPage read(byte[] list, ServedResource resource, Items items) throws Exception {
        String resourceVersion = "";
        String continuation = "";
        boolean hasItems = false;
        byte[] typeMeta = ("{\"kind\":\"" + resource.kind() + "\",\"apiVersion\":\"" + resource.apiVersion() + "\",")
                .getBytes(StandardCharsets.UTF_8);
        try (JsonParser parser = ObjectJson.parser(list)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the list of " + resource.type() + " is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String member = parser.currentName();
                        parser.nextToken();
                        switch (member) {
                            case "resourceVersion" -> resourceVersion = parser.getText();
                            case "continue" -> continuation = parser.getText();
                            default -> parser.skipChildren();
                        }
                    }
                } else if (field.equals("items") && value != JsonToken.VALUE_NULL) {
                    hasItems = true;
                    requireToken(parser, JsonToken.START_ARRAY, resource);
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        requireToken(parser, JsonToken.START_OBJECT, resource);
                        int start = (int) parser.currentTokenLocation().getByteOffset();
                        boolean typed = parser.nextToken() == JsonToken.FIELD_NAME
                                && (parser.currentName().equals("apiVersion")
                                        || parser.currentName().equals("kind"));
                        skipObject(parser);
                        int end = (int) parser.currentLocation().getByteOffset();
                        accept(list, start, end, typed ? null : typeMeta, items);
                    }
                } else {
                    hasItems |= field.equals("items");
                    parser.skipChildren();
                }
            }
        }
        if (!hasItems && resourceVersion.isEmpty()) {
            throw new IOException("the list of " + resource.type() + " has no items");
        }
        return new ListPage(resourceVersion, continuation);
    }

    /** What is taken for an empty list, or the end of one, would be taken for deletions. */
    private static void requireToken(JsonParser parser, JsonToken wanted, ServedResource resource) throws IOException {
        if (parser.currentToken() != wanted) {
            throw new IOException("the items of " + resource.type() + " are not objects in a list");
        }
    }

    /** Moves to the end of the object whose first member (or end) is the current token. */
    private static void skipObject(JsonParser parser) throws IOException {
        while (parser.currentToken() == JsonToken.FIELD_NAME) {
            parser.nextToken();
            parser.skipChildren();
            parser.nextToken();
        }
    }

    private static void accept(byte[] list, int start, int end, byte[] typeMeta, Items items) throws Exception {
        if (typeMeta == null) {
            items.accept(list, start, end - start);
            return;
        }
        byte[] object = new byte[typeMeta.length + end - start - 1];
        System.arraycopy(typeMeta, 0, object, 0, typeMeta.length);
        System.arraycopy(list, start + 1, object, typeMeta.length, end - start - 1);
        items.accept(object, 0, object.length);
    }
}
