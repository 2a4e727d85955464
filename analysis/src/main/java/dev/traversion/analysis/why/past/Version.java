/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Times;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** One version of an object. Its body is read when it is looked at. Not safe for concurrent use. */
public final class Version {

    private static final long SECOND = 1_000_000_000L;

    private final History history;
    private final Bodies bodies;
    private final ObjectKey key;
    private final String kind;
    private final String uid;
    private final String resourceVersion;
    private final long at;
    private final boolean deleted;
    private final String manager;
    private final long read;

    /**
     * Reads no body.
     *
     * @param like another version of the same object, whose texts are shared; null if there is none
     * @param from the beginning of the window, ns
     */
    Version(History history, Bodies bodies, ObjectVersion version, Version like, long from) {
        this.history = history;
        this.bodies = bodies;
        this.key = like == null ? version.key() : like.key;
        this.kind = shared(version.kind(), like == null ? "" : like.kind);
        this.uid = shared(version.uid(), like == null ? "" : like.uid);
        this.resourceVersion = version.resourceVersion();
        this.at = version.observedAt();
        this.deleted = version.operation() == Operation.DELETED;
        this.manager = shared(version.fieldManager(), like == null ? "" : like.manager);
        this.read = Math.max(at, from);
    }

    private static String shared(String text, String known) {
        return text.equals(known) ? known : text;
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

    /** A moment of the window at which this is the object's state, ns. */
    long read() {
        return read;
    }

    /** The object without managedFields; of a deletion what was left of it. */
    public JsonNode body() {
        return bodies.tree(history, this);
    }

    /** The same without its status: for those who look at many. Not kept. */
    public JsonNode wish() {
        return Bodies.withoutStatus(history, this, false);
    }

    /** The same with managedFields. Not kept. */
    JsonNode managedWish() {
        return Bodies.withoutStatus(history, this, true);
    }

    /** All of it, with managedFields. Not kept. */
    JsonNode managed() {
        return Bodies.managed(history, this);
    }

    /** Its metadata without managedFields: for those who look at very many. Not kept. */
    JsonNode metadata() {
        return Bodies.metadata(history, this);
    }

    /** Whether its text has one of these words: for those who look at very many. */
    public boolean mentions(Words words) {
        return words.anyIn(Bodies.text(history, this, false));
    }

    /** Such as {@code apps/v1}: lists do not write it into their items. */
    public String apiVersion() {
        return get("apiVersion").asText(Types.apiVersion(key.type()));
    }

    /** The value below some members; a missing node if there is none. */
    public JsonNode get(String... path) {
        JsonNode node = body();
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }

    /** Whether it says how the pods are made that come of it. */
    boolean hasTemplate() {
        return get("spec", "template", "spec").has("containers") || get("spec").has("jobTemplate");
    }

    /** When the object was created, as it says itself, ns; when it was observed if it does not. */
    public long created() {
        return time(get("metadata", "creationTimestamp").asText(""), at);
    }

    /** A time that the object tells, ns; objects tell whole seconds: when it was observed, if that was within this one. */
    public long told(String text) {
        long told = time(text, at);
        return at - told < SECOND ? Math.max(told, at) : told;
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
