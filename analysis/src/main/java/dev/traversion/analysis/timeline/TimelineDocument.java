/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.timeline;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.diff.DiffDocument;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.archive.Times;
import java.io.IOException;
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
}
