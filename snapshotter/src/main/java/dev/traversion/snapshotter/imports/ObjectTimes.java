/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.Times;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;

/** Instants that objects and files of an archive tell. */
final class ObjectTimes {

    private static final DateTimeFormatter GO_TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern(" xx")
            .toFormatter(Locale.ROOT);

    private static final Instant LATEST = Instant.parse("2262-01-01T00:00:00Z");

    private ObjectTimes() {}

    /** When an Event last happened, ns; {@link Found#UNKNOWN} if it does not say. */
    static long lastSeen(JsonNode event) {
        for (JsonNode time : List.of(
                event.path("series").path("lastObservedTime"),
                event.path("lastTimestamp"),
                event.path("deprecatedLastTimestamp"),
                event.path("eventTime"),
                event.path("metadata").path("creationTimestamp"))) {
            long nanos = nanos(time);
            if (nanos != Found.UNKNOWN) {
                return nanos;
            }
        }
        return Found.UNKNOWN;
    }

    /** The newest time an object bears, ns; {@link Found#UNKNOWN} if there is none. */
    static long newest(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        long newest = Math.max(
                nanos(metadata.path("creationTimestamp")),
                object.path("kind").asText().equals("Event") ? lastSeen(object) : Found.UNKNOWN);
        for (JsonNode manager : metadata.path("managedFields")) {
            newest = Math.max(newest, nanos(manager.path("time")));
        }
        for (JsonNode condition : object.path("status").path("conditions")) {
            newest = Math.max(newest, nanos(condition.path("lastTransitionTime")));
            newest = Math.max(newest, nanos(condition.path("lastHeartbeatTime")));
        }
        return newest;
    }

    /** The newest time in must-gather's file {@code timestamp}, which has Go's form, ns; {@link Found#UNKNOWN} if there is none. */
    static long newestLine(String text) {
        long newest = Found.UNKNOWN;
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split(" ", 4);
            if (words.length >= 3) {
                newest = Math.max(newest, goTime(words[0] + " " + words[1] + " " + words[2]));
            }
        }
        return newest;
    }

    private static long goTime(String text) {
        try {
            return known(OffsetDateTime.parse(text, GO_TIME).toInstant());
        } catch (DateTimeException e) {
            return Found.UNKNOWN;
        }
    }

    /** Of a time in RFC 3339, ns; {@link Found#UNKNOWN} if it is none. */
    static long nanos(JsonNode time) {
        if (!time.isTextual()) {
            return Found.UNKNOWN;
        }
        try {
            return known(OffsetDateTime.parse(time.asText()).toInstant());
        } catch (DateTimeException e) {
            return Found.UNKNOWN;
        }
    }

    /** Times before 1970 are zero values of other clocks. */
    private static long known(Instant time) {
        return time.isAfter(Instant.EPOCH) && time.isBefore(LATEST) ? Times.nanos(time) : Found.UNKNOWN;
    }
}
