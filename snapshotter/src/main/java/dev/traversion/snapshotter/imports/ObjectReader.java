/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the objects of a YAML or JSON file, one after another: single objects, several documents, and lists item by item. */
final class ObjectReader {

    private static final int DEEPEST = 500;
    private static final int LONGEST_TEXT = 64 << 20;
    private static final String LIST = "List";

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxStringLength(LONGEST_TEXT)
            .build();

    /** With limits to what one file may ask for. */
    static final JsonFactory JSON =
            JsonFactory.builder().streamReadConstraints(LIMITS).build();

    private static final YAMLFactory YAML = yaml();

    private final ObjectSink sink;

    ObjectReader(ObjectSink sink) {
        this.sink = sink;
    }

    private static YAMLFactory yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        return YAMLFactory.builder()
                .loaderOptions(options)
                .streamReadConstraints(LIMITS)
                .build();
    }

    /**
     * Reads a file to its end.
     *
     * @return whether it held an object or a list
     * @throws com.fasterxml.jackson.core.JacksonException if it is malformed; what came before has been given to the sink
     */
    boolean read(InputStream content, boolean isJson) throws IOException {
        boolean found = false;
        try (JsonParser parser = isJson ? JSON.createParser(content) : YAML.createParser(content)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    found |= new Document(parser).read();
                } else {
                    parser.skipChildren();
                }
            }
        } catch (YAMLException e) {
            throw new JsonParseException(null, e.getMessage(), e);
        }
        return found;
    }

    private static String itemKind(String listKind) {
        return listKind.substring(0, listKind.length() - LIST.length());
    }

    /** An object of which kind and apiVersion are known; nothing happens if it is no object of Kubernetes. */
    private boolean give(String apiVersion, String kind, ObjectNode object) throws IOException {
        if (apiVersion.isEmpty() || kind.isEmpty()) {
            return false;
        }
        if (kind.endsWith(LIST) && object.path("items").isArray()) {
            for (JsonNode item : object.path("items")) {
                giveItem(apiVersion, kind, item);
            }
            sink.list(apiVersion, itemKind(kind));
            return true;
        }
        if (object.path("metadata").path("name").asText("").isEmpty()) {
            return false;
        }
        sink.object(apiVersion, kind, object);
        return true;
    }

    private void giveItem(String listApiVersion, String listKind, JsonNode item) throws IOException {
        if (item instanceof ObjectNode object) {
            String kind = object.path("kind").asText("");
            String apiVersion = object.path("apiVersion").asText("");
            give(
                    apiVersion.isEmpty() ? listApiVersion : apiVersion,
                    kind.isEmpty() ? itemKind(listKind) : kind,
                    object);
        }
    }

    /** One top-level object: an object of Kubernetes, a list of them, or something else. */
    private final class Document {

        private final JsonParser parser;
        private final ObjectNode members = JsonNodeFactory.instance.objectNode();
        private final Waiting waiting = new Waiting();
        private boolean hasItems;

        Document(JsonParser parser) {
            this.parser = parser;
        }

        boolean read() throws IOException {
            TreeReader.refuseAnchors(parser);
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals("items") && parser.currentToken() == JsonToken.START_ARRAY) {
                    hasItems = true;
                    items();
                } else {
                    members.set(name, TreeReader.read(parser));
                }
            }
            return end();
        }

        private void items() throws IOException {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                JsonNode item = TreeReader.read(parser);
                boolean isKnown = item.hasNonNull("kind") && item.hasNonNull("apiVersion");
                if (isKnown || kind().endsWith(LIST)) {
                    giveItem(apiVersion(), kind().isEmpty() ? LIST : kind(), item);
                } else {
                    waiting.add(item.toString().getBytes(StandardCharsets.UTF_8));
                }
            }
        }

        private boolean end() throws IOException {
            boolean isEmptyList = kind().endsWith(LIST) && members.path("items").isNull();
            if (!hasItems && !isEmptyList) {
                return give(apiVersion(), kind(), members);
            }
            if (!kind().endsWith(LIST)) {
                return false;
            }
            for (byte[] item : waiting) {
                try (JsonParser again = JSON.createParser(item)) {
                    again.nextToken();
                    giveItem(apiVersion(), kind(), TreeReader.read(again));
                }
            }
            sink.list(apiVersion(), itemKind(kind()));
            return true;
        }

        private String kind() {
            return members.path("kind").asText("");
        }

        private String apiVersion() {
            return members.path("apiVersion").asText("");
        }
    }
}
