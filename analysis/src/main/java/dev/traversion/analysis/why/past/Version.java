/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Times;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** One version of an object, read only when it is looked at. Not safe for concurrent use. */
public final class Version {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectKey key;
    private final String kind;
    private final String uid;
    private final String resourceVersion;
    private final long at;
    private final boolean deleted;
    private final String manager;
    private byte[] bytes;
    private JsonNode body;

    Version(ObjectVersion version) {
        this.key = version.key();
        this.kind = version.kind();
        this.uid = version.uid();
        this.resourceVersion = version.resourceVersion();
        this.at = version.observedAt();
        this.deleted = version.operation() == Operation.DELETED;
        this.manager = version.fieldManager();
        this.bytes = version.bodyLength() == 0 ? null : version.body();
    }

    public ObjectKey key() {
        return key;
    }

    public String kind() {
        return kind;
    }

    public String uid() {
        return uid;
    }

    public String resourceVersion() {
        return resourceVersion;
    }

    /** When it was observed, ns. */
    public long at() {
        return at;
    }

    public boolean deleted() {
        return deleted;
    }

    /** The manager of the newest entry of managedFields; {@code ""} if there is none. */
    public String manager() {
        return manager;
    }

    /** The object; of a deletion what was left of it. */
    public JsonNode body() {
        if (body == null) {
            try {
                body = bytes == null ? JSON.createObjectNode() : JSON.readTree(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(key + " at " + resourceVersion + " is no JSON", e);
            }
            bytes = null;
        }
        return body;
    }

    /** The value below some members; a missing node if there is none. */
    public JsonNode get(String... path) {
        JsonNode node = body();
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }

    /** When the object was created, as it says itself, ns; when it was observed if it does not. */
    public long created() {
        return time(get("metadata", "creationTimestamp").asText(""), at);
    }

    /** An RFC 3339 time in ns. */
    public static long time(String text, long otherwise) {
        try {
            return text.isEmpty() ? otherwise : Times.nanos(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }

    @Override
    public String toString() {
        return kind + " " + key.path();
    }
}
