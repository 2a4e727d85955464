/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.GoJson;
import dev.traversion.rewind.json.LazyJson;
import dev.traversion.rewind.table.Column;
import dev.traversion.rewind.table.RowCondition;
import dev.traversion.rewind.table.TablePrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** A {@code meta.k8s.io/v1} Table: of a list, of one object, or of the one object of a watch event. */
public final class TableWriter implements ListWriter {

    /** What each row carries of its object. */
    public enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    private final TablePrinter printer;
    private final ResourceForm form;
    private final Include include;
    private final Supplier<Instant> now;
    private final OutputStream out;
    private final MetadataWriter metadata;
    private final BodyWriter bodies;
    private final Body body = new Body();
    private final LazyJson lazy = new LazyJson();
    private final List<OrderedRow> ordered = new ArrayList<>();
    private boolean first = true;

    /** A row of one of the few kinds whose rows go by another order than that of the list. */
    private record OrderedRow(JsonNode object, byte[] json) {}

    /** @param now the moment ages are counted to */
    public TableWriter(
            TablePrinter printer, ResourceForm form, Include include, Supplier<Instant> now, OutputStream out) {
        this.printer = printer;
        this.form = form;
        this.include = include;
        this.now = now;
        this.out = out;
        this.metadata = new MetadataWriter(form, out);
        this.bodies = new BodyWriter(form, out);
    }

    @Override
    public void begin(ListHeader header) throws IOException {
        begin(header, true);
    }

    private void begin(ListHeader header, boolean columns) throws IOException {
        first = true;
        print("{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":");
        out.write(header.typed());
        print(",\"columnDefinitions\":");
        out.write(columns ? columnDefinitions() : NULL);
        print(",\"rows\":[");
    }

    private byte[] columnDefinitions() {
        ArrayNode definitions = JsonNodeFactory.instance.arrayNode();
        for (Column column : printer.columns()) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        return GoJson.bytes(definitions);
    }

    @Override
    public void item(ObjectVersion version) throws IOException {
        if (printer.order().isPresent()) {
            Body row = new Body();
            TableWriter alone = new TableWriter(printer, form, include, now, row);
            JsonNode object = alone.parse(version);
            alone.row(object, version);
            ordered.add(new OrderedRow(object, row.copy()));
        } else {
            separate();
            row(parse(version), version);
        }
    }

    private void separate() throws IOException {
        if (!first) {
            out.write(',');
        }
        first = false;
    }

    private void row(JsonNode object, ObjectVersion version) throws IOException {
        print("{\"cells\":");
        out.write(GoJson.bytes(printer.cells(object, now.get())));
        List<RowCondition> conditions = printer.conditions(object);
        if (!conditions.isEmpty()) {
            print(",\"conditions\":");
            out.write(conditions(conditions));
        }
        print(",\"object\":");
        switch (include) {
            case NONE -> out.write(NULL);
            case METADATA -> metadata.write(body.bytes());
            case OBJECT -> bodies.whole(version);
        }
        out.write('}');
    }

    /** The tree is good until the next call. The body stays in {@link #body}, for the metadata, which no conversion changes. */
    private JsonNode parse(ObjectVersion version) throws IOException {
        body.read(version, true);
        return form.isUnconverted()
                ? lazy.read(body.bytes(), body.length())
                : GoJson.read(form.conversion().convert(body.copy()));
    }

    private static byte[] conditions(List<RowCondition> conditions) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (RowCondition condition : conditions) {
            list.addObject()
                    .put("type", condition.type())
                    .put("status", condition.status())
                    .put("reason", condition.reason())
                    .put("message", condition.message());
        }
        return GoJson.bytes(list);
    }

    @Override
    public void end() throws IOException {
        writeOrdered();
        print("]}\n");
    }

    private void writeOrdered() throws IOException {
        if (printer.order().isPresent()) {
            ordered.sort(
                    Comparator.comparing(OrderedRow::object, printer.order().get()));
            for (OrderedRow row : ordered) {
                separate();
                out.write(row.json());
            }
            ordered.clear();
        }
    }

    /** A Table of one object without the line break at its end. */
    void single(ObjectVersion version, boolean columns) throws IOException {
        begin(new ListHeader(version.resourceVersion(), "", 0), columns);
        item(version);
        writeOrdered();
        print("]}");
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
