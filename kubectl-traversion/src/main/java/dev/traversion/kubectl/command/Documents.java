/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;

/** Output for programs. */
final class Documents {

    /** The forms of output. */
    enum Form {
        TEXT,
        JSON,
        YAML
    }

    private Documents() {}

    /** An indented document on standard output, which stays open. */
    static JsonGenerator open(PrintStream out, Form form) throws IOException {
        ObjectMapper mapper = form == Form.YAML ? new ObjectMapper(new YAMLFactory()) : new ObjectMapper();
        JsonGenerator document = mapper.getFactory().createGenerator(out);
        document.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        return document.useDefaultPrettyPrinter();
    }

    /** A list. */
    static <T> void write(JsonGenerator document, List<T> rows, Function<T, ? extends JsonNode> form)
            throws IOException {
        document.writeStartArray();
        for (T row : rows) {
            document.writeTree(form.apply(row));
        }
        document.writeEndArray();
    }
}
