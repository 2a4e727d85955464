/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.archive.Times;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Locale;

/** Differences as one JSON or YAML document, written as they come. */
final class DiffDocument implements DiffCommand.DiffOutput {

    private final ObjectMapper mapper;
    private final JsonGenerator document;
    private final PrintStream out;

    DiffDocument(PrintStream out, boolean yaml, Instant from, Instant to) throws IOException {
        this.out = out;
        mapper = yaml ? new ObjectMapper(new YAMLFactory()) : new ObjectMapper();
        mapper.disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
        document = mapper.getFactory().createGenerator(out);
        document.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        document.useDefaultPrettyPrinter();
        document.writeStartObject();
        document.writeStringField("from", from.toString());
        document.writeStringField("to", to.toString());
        document.writeArrayFieldStart("objects");
    }

    @Override
    public void add(ObjectDiff difference) throws IOException {
        ObjectNode object = mapper.createObjectNode();
        object.put("group", difference.key().type().group());
        object.put("resource", difference.key().type().resource());
        object.put("kind", difference.kind());
        object.put("namespace", difference.key().namespace());
        object.put("name", difference.key().name());
        object.put("change", difference.change().name().toLowerCase(Locale.ROOT));
        object.put("at", Times.instant(difference.at()).toString());
        object.put("folded", difference.folded());
        for (FieldChange field : difference.fields()) {
            write(field, object.withArray("fields").addObject());
        }
        mapper.writeValue(document, object);
    }

    static void write(FieldChange field, ObjectNode node) {
        node.put("path", field.path().toString());
        set(node, "before", field.before());
        set(node, "after", field.after());
        if (field.owner() != null) {
            node.put("manager", field.owner().manager());
            node.put("operation", field.owner().operation());
            node.put("managedAt", field.owner().time());
        }
    }

    private static void set(ObjectNode node, String name, JsonNode value) {
        if (value != null) {
            node.set(name, value);
        }
    }

    @Override
    public void end(MomentDiff diff) throws IOException {
        document.writeEndArray();
        document.writeObjectFieldStart("counts");
        for (var count : diff.counts().entrySet()) {
            document.writeNumberField(count.getKey().name().toLowerCase(Locale.ROOT), count.getValue());
        }
        document.writeEndObject();
        document.writeObjectFieldStart("folded");
        document.writeNumberField("fields", diff.foldedFields());
        for (var count : diff.foldedObjects().entrySet()) {
            document.writeNumberField(count.getKey().toString(), count.getValue());
        }
        document.writeEndObject();
        document.writeEndObject();
        document.close();
        out.println();
    }
}
