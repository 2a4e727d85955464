/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.Representation;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.output.ListHeader;
import dev.traversion.rewind.output.ListWriter;
import dev.traversion.rewind.output.MetadataListWriter;
import dev.traversion.rewind.output.ObjectListWriter;
import dev.traversion.rewind.output.ObjectWriter;
import dev.traversion.rewind.output.ResourceForm;
import dev.traversion.rewind.output.TableWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;

/** Writes what was found in the form the client wants. */
final class Answer {

    private final Exchange exchange;
    private final View view;
    private final ServedResource resource;
    private final Optional<JsonNode> definition;
    private final ResourceForm form;

    Answer(Exchange exchange, View view, ServedResource resource, Optional<JsonNode> definition, ResourceForm form) {
        this.exchange = exchange;
        this.view = view;
        this.resource = resource;
        this.definition = definition;
        this.form = form;
    }

    void object(Representation representation, ObjectVersion version) throws IOException {
        OutputStream out = exchange.open(200, representation);
        switch (representation.shape()) {
            case TABLE -> {
                ListWriter table = table(view.time(), out);
                table.begin(new ListHeader(version.resourceVersion(), "", 0));
                table.item(version);
                table.end();
            }
            case METADATA -> {
                ObjectWriter.metadata(form, out).write(version);
                out.write('\n');
            }
            default -> {
                ObjectWriter.whole(form, out).write(version);
                out.write('\n');
            }
        }
        out.close();
    }

    /**
     * Writes a list. Its stream is closed only when all is written: if something fails after the first bytes left, a broken connection
     * is what tells the client.
     *
     * @param now the moment ages are counted to, ns
     */
    void list(Representation representation, ListPage page, Selection selection, long now) throws IOException {
        OutputStream out = exchange.open(200, representation);
        ListWriter writer =
                switch (representation.shape()) {
                    case TABLE -> table(now, out);
                    case METADATA_LIST -> new MetadataListWriter(form, out);
                    default -> new ObjectListWriter(form, out);
                };
        page.write(view.history(), selection, writer);
        out.close();
    }

    private TableWriter table(long now, OutputStream out) throws IOException {
        Instant instant = Moment.instant(now);
        return new TableWriter(view.tablePrinter(resource, definition), form, include(exchange), () -> instant, out);
    }

    static TableWriter.Include include(Exchange exchange) {
        return switch (exchange.query("includeObject")) {
            case "", "Metadata" -> TableWriter.Include.METADATA;
            case "Object" -> TableWriter.Include.OBJECT;
            case "None" -> TableWriter.Include.NONE;
            default ->
                throw StatusFailure.badRequest(
                        "Unable to convert to Table as requested: includeObject: Invalid value: \""
                                + exchange.query("includeObject")
                                + "\": must be 'Metadata', 'Object', 'None', or empty");
        };
    }
}
