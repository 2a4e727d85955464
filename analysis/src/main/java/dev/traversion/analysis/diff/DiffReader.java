/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads what {@link DiffDocument} wrote, one object at a time. */
public final class DiffReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private DiffReader() {}

    /**
     * Reads a whole document.
     *
     * @param differences told of each object as it comes; bodies are null if they are not in the document
     * @throws IOException if it cannot be read, or ends too early
     */
    public static MomentDiff read(InputStream in, Consumer<ObjectDiff> differences) throws IOException {
        JsonNode counts = null;
        JsonNode folded = null;
        try (JsonParser parser = JSON.getFactory().createParser(in)) {
            require(parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("objects")) {
                    require(parser.currentToken(), JsonToken.START_ARRAY);
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        differences.accept(object(parser.readValueAsTree()));
                    }
                } else {
                    JsonNode value = parser.readValueAsTree();
                    counts = field.equals("counts") ? value : counts;
                    folded = field.equals("folded") ? value : folded;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("The answer is no diff: " + e.getMessage(), e);
        }
        if (counts == null || folded == null) {
            throw new IOException("The answer ended before the diff did.");
        }
        return end(counts, folded);
    }

    private static void require(JsonToken found, JsonToken wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("The answer is no diff: it has " + found + " for " + wanted + ".");
        }
    }

    private static MomentDiff end(JsonNode counts, JsonNode folded) {
        Map<ObjectDiff.Change, Integer> changes = new TreeMap<>();
        counts.properties()
                .forEach(count ->
                        changes.put(change(count.getKey()), count.getValue().asInt()));
        Map<ResourceType, Integer> objects = new TreeMap<>();
        for (Map.Entry<String, JsonNode> count : folded.properties()) {
            if (!count.getKey().equals("fields")) {
                int dot = count.getKey().indexOf('.');
                ResourceType type = dot < 0
                        ? new ResourceType("", count.getKey())
                        : new ResourceType(
                                count.getKey().substring(dot + 1),
                                count.getKey().substring(0, dot));
                objects.put(type, count.getValue().asInt());
            }
        }
        return new MomentDiff(changes, folded.path("fields").asInt(), objects);
    }

    private static ObjectDiff object(JsonNode object) throws IOException {
        return new ObjectDiff(
                key(object),
                object.path("kind").asText(),
                change(object.path("change").asText()),
                Times.nanos(Instant.parse(object.path("at").asText())),
                fields(object.path("fields")),
                object.path("folded").asInt(),
                body(object.get("old")),
                body(object.get("new")));
    }

    private static ObjectDiff.Change change(String text) {
        return ObjectDiff.Change.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static byte[] body(JsonNode object) throws IOException {
        return object == null ? null : JSON.writeValueAsBytes(object);
    }

    /** The object that {@code group, resource, namespace, name} are of. */
    public static ObjectKey key(JsonNode object) {
        return new ObjectKey(
                new ResourceType(
                        object.path("group").asText(), object.path("resource").asText()),
                object.path("namespace").asText(),
                object.path("name").asText());
    }

    /** A list of what {@link DiffDocument#write} writes. */
    public static List<FieldChange> fields(JsonNode list) {
        List<FieldChange> fields = new ArrayList<>();
        for (JsonNode field : list) {
            FieldOwner owner = field.has("manager")
                    ? new FieldOwner(
                            field.path("manager").asText(),
                            field.path("operation").asText(),
                            field.path("managedAt").asText())
                    : null;
            fields.add(new FieldChange(
                    FieldPath.written(field.path("path").asText()), field.get("before"), field.get("after"), owner));
        }
        return fields;
    }
}
