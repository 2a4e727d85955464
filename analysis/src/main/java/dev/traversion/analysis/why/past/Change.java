/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ObjectKey;

/**
 * A field that changed, or an object that came or went: what a chain of causes may end with.
 *
 * @param before null if there was no such object, or nothing changed
 * @param after the object as it was then; of a deletion as it was last
 * @param path as {@code kubectl traversion diff} writes it; {@code ""} for the object as a whole
 * @param old null if there was no value
 * @param now null if there is none any more
 * @param at ns
 * @param actor null if unknown
 */
public record Change(
        Version before,
        Version after,
        Operation operation,
        String path,
        JsonNode old,
        JsonNode now,
        long at,
        Actor actor) {

    /** What happened to the object. */
    public enum Operation {
        CHANGED,
        CREATED,
        DELETED,
        /** Nothing that was recorded: a state that began, the kernel, the clock. */
        OBSERVED
    }

    public ObjectKey key() {
        return after.key();
    }

    /** The same change of one field of an object that was created. */
    public Change at(String field, JsonNode value) {
        return new Change(before, after, operation, field, null, value, at, actor);
    }

    /** Whether a workload is to have more pods since. */
    public boolean scalesUp() {
        return path.equals("spec.replicas") && replicas(now) > replicas(old);
    }

    private static int replicas(JsonNode value) {
        return value == null ? 1 : value.asInt();
    }

    /** A state that began, when nothing that was recorded tells why. */
    public static Change observed(Version version, String path, JsonNode now, long at) {
        return new Change(null, version, Operation.OBSERVED, path, null, now, at, null);
    }

    /** {@code Deployment shop/web spec.replicas: 2 -> 0}. */
    public String text() {
        String what = after.kind() + " " + key().path();
        return switch (operation) {
            case CREATED -> what + " was created" + (path.isEmpty() ? "" : " with " + path + " " + brief(now));
            case DELETED -> what + " was deleted";
            case OBSERVED -> what + (path.isEmpty() ? "" : " " + path) + (now == null ? "" : " is " + brief(now));
            case CHANGED ->
                what + " " + path
                        + (old == null
                                ? " added: " + brief(now)
                                : now == null
                                        ? " removed, was " + brief(old)
                                        : ": " + brief(old) + " -> " + brief(now));
        };
    }

    private static String brief(JsonNode value) {
        String text = value == null ? "none" : value.isTextual() ? value.asText() : value.toString();
        String line = text.replace("\n", "\\n");
        return line.length() <= 80 ? line : line.substring(0, 77) + "...";
    }
}
