/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** Events. The core group and events.k8s.io serve the same objects with other names for their fields. */
final class EventCells {

    private EventCells() {}

    /** The names that differ. */
    private record Names(String object, String message, String source, String first, String last, String count) {}

    static void addTo(Kinds kinds) {
        add(
                kinds.add("", "events"),
                new Names("involvedObject", "message", "source", "firstTimestamp", "lastTimestamp", "count"));
        add(
                kinds.add("events.k8s.io", "events"),
                new Names(
                        "regarding",
                        "note",
                        "deprecatedSource",
                        "deprecatedFirstTimestamp",
                        "deprecatedLastTimestamp",
                        "deprecatedCount"));
    }

    private static void add(Kind kind, Names names) {
        kind.cell("Last Seen", (event, now) -> lastSeen(event, names, now))
                .text("Type", "type")
                .text("Reason", "reason")
                .cell("Object", (JsonNode event) -> target(event.path(names.object)))
                .text("Subobject", names.object + ".fieldPath")
                .cell("Source", (JsonNode event) -> source(event, event.path(names.source)))
                .cell("Message", (JsonNode event) -> trim(Field.text(event, names.message)))
                .cell("First Seen", (event, now) -> firstSeen(event, names, now))
                .cell("Count", (JsonNode event) -> count(event, names));
    }

    private static String firstSeen(JsonNode event, Names names, Instant now) {
        return Ages.since(event.path(Field.isSet(event, names.first) ? names.first : "eventTime"), now);
    }

    private static String lastSeen(JsonNode event, Names names, Instant now) {
        if (Field.isSet(event, "series")) {
            return Ages.since(event.path("series").path("lastObservedTime"), now);
        }
        return Field.isSet(event, names.last) ? Ages.since(event.path(names.last), now) : firstSeen(event, names, now);
    }

    private static long count(JsonNode event, Names names) {
        if (Field.isSet(event, "series")) {
            return event.path("series").path("count").asLong(0);
        }
        long count = event.path(names.count).asLong(0);
        return count == 0 ? 1 : count;
    }

    private static String target(JsonNode object) {
        String kind = Field.lower(Field.text(object, "kind"));
        String name = Field.text(object, "name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(JsonNode event, JsonNode source) {
        String controller = Field.text(event, "reportingController", Field.text(event, "reportingComponent"));
        String component = Field.text(source, "component", controller);
        String instance = Field.text(source, "host", Field.text(event, "reportingInstance"));
        return instance.isEmpty() ? component : component + ", " + instance;
    }

    /** Without the white space around it, as Unicode has it. */
    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
    }
}
