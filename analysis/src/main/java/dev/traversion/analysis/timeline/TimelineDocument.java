/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.timeline;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.diff.DiffDocument;
import dev.traversion.analysis.diff.DiffReader;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.archive.Times;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A timeline as a document. */
public final class TimelineDocument {

    private TimelineDocument() {}

    /** {@code entries, omitted}. */
    public static void write(Timeline timeline, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("entries");
        for (TimelineEntry entry : timeline.entries()) {
            write(entry, out);
        }
        out.writeEndArray();
        out.writeNumberField("omitted", timeline.omitted());
        out.writeEndObject();
    }

    /** {@code at, what, group, resource, namespace, name, text, who} and the fields that changed. */
    public static void write(TimelineEntry entry, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("at", Times.instant(entry.at()).toString());
        out.writeStringField("what", entry.what().name().toLowerCase(Locale.ROOT));
        out.writeStringField("group", entry.key().type().group());
        out.writeStringField("resource", entry.key().type().resource());
        out.writeStringField("namespace", entry.key().namespace());
        out.writeStringField("name", entry.key().name());
        out.writeStringField("text", entry.text());
        out.writeStringField("who", entry.who());
        if (!entry.fields().isEmpty()) {
            out.writeArrayFieldStart("fields");
            for (FieldChange field : entry.fields()) {
                DiffDocument.write(field, out);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    /**
     * Reads what was written.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Timeline read(JsonNode document) {
        List<TimelineEntry> entries = new ArrayList<>();
        for (JsonNode entry : document.path("entries")) {
            entries.add(new TimelineEntry(
                    Times.nanos(Instant.parse(entry.path("at").asText())),
                    TimelineEntry.What.valueOf(entry.path("what").asText().toUpperCase(Locale.ROOT)),
                    DiffReader.key(entry),
                    entry.path("text").asText(),
                    DiffReader.fields(entry.path("fields")),
                    entry.path("who").asText()));
        }
        return new Timeline(entries, document.path("omitted").asLong());
    }
}
