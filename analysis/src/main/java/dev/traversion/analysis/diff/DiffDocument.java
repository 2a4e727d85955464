/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Times;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/** Differences as one document, written as they come: {@code from, to, objects, counts, folded}. {@link DiffReader} reads it. */
public final class DiffDocument {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonGenerator out;
    private final boolean isWhole;

    /** @param out of JSON, or of anything that is written like it; stays open */
    public DiffDocument(JsonGenerator out, Instant from, Instant to) throws IOException {
        this(out, from, to, false);
    }

    /** @param isWhole with each object as it was and is: {@code old, new} */
    public DiffDocument(JsonGenerator out, Instant from, Instant to, boolean isWhole) throws IOException {
        this.out = out;
        this.isWhole = isWhole;
        out.writeStartObject();
        out.writeStringField("from", from.toString());
        out.writeStringField("to", to.toString());
        out.writeArrayFieldStart("objects");
    }

    public void add(ObjectDiff difference) throws IOException {
        out.writeStartObject();
        out.writeStringField("group", difference.key().type().group());
        out.writeStringField("resource", difference.key().type().resource());
        out.writeStringField("kind", difference.kind());
        out.writeStringField("namespace", difference.key().namespace());
        out.writeStringField("name", difference.key().name());
        out.writeStringField("change", difference.change().name().toLowerCase(Locale.ROOT));
        out.writeStringField("at", Times.instant(difference.at()).toString());
        out.writeNumberField("folded", difference.folded());
        if (!difference.fields().isEmpty()) {
            out.writeArrayFieldStart("fields");
            for (FieldChange field : difference.fields()) {
                write(field, out);
            }
            out.writeEndArray();
        }
        if (isWhole) {
            write("old", difference.before());
            write("new", difference.after());
        }
        out.writeEndObject();
    }

    private void write(String name, byte[] body) throws IOException {
        if (body != null) {
            write(name, JSON.readTree(body), out);
        }
    }

    /** {@code path, before, after}, {@code maskedAnew} where only the key of the tokens differs, and, as far as it is known, {@code manager, operation, managedAt}. */
    public static void write(FieldChange field, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("path", field.path().toString());
        write("before", field.before(), out);
        write("after", field.after(), out);
        if (field.isMaskedAnew()) {
            out.writeBooleanField("maskedAnew", true);
        }
        if (field.owner() != null) {
            out.writeStringField("manager", field.owner().manager());
            out.writeStringField("operation", field.owner().operation());
            out.writeStringField("managedAt", field.owner().time());
        }
        out.writeEndObject();
    }

    private static void write(String name, JsonNode value, JsonGenerator out) throws IOException {
        if (value != null) {
            out.writeFieldName(name);
            out.writeTree(value);
        }
    }

    public void end(MomentDiff diff) throws IOException {
        out.writeEndArray();
        out.writeObjectFieldStart("counts");
        for (var count : diff.counts().entrySet()) {
            out.writeNumberField(count.getKey().name().toLowerCase(Locale.ROOT), count.getValue());
        }
        out.writeEndObject();
        out.writeObjectFieldStart("folded");
        out.writeNumberField("fields", diff.foldedFields());
        for (var count : diff.foldedObjects().entrySet()) {
            out.writeNumberField(count.getKey().toString(), count.getValue());
        }
        out.writeEndObject();
        out.writeEndObject();
    }
}
