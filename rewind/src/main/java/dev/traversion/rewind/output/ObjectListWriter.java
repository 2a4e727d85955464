/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import dev.traversion.archive.ObjectVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A list of whole objects, byte for byte as the API server frames it. Built-in kinds: kind, apiVersion, metadata, items, and items
 * without kind and apiVersion. Custom resources: everything in alphabetical order, and items as they are.
 */
public final class ObjectListWriter implements ListWriter {

    private final ResourceForm form;
    private final OutputStream out;
    private final BodyWriter bodies;
    private ListHeader header;
    private boolean first = true;

    public ObjectListWriter(ResourceForm form, OutputStream out) {
        this.form = form;
        this.out = out;
        this.bodies = new BodyWriter(form, out);
    }

    @Override
    public void begin(ListHeader listHeader) throws IOException {
        header = listHeader;
        if (form.custom()) {
            print("{\"apiVersion\":\"" + form.apiVersion() + "\",\"items\":[");
        } else {
            print("{\"kind\":\"" + form.listKind() + "\",\"apiVersion\":\"" + form.apiVersion() + "\",\"metadata\":");
            out.write(header.typed());
            print(",\"items\":[");
        }
    }

    @Override
    public void item(ObjectVersion version) throws IOException {
        if (!first) {
            out.write(',');
        }
        first = false;
        if (form.custom()) {
            bodies.whole(version);
        } else {
            bodies.withoutHead(version);
        }
    }

    @Override
    public void end() throws IOException {
        if (form.custom()) {
            print("],\"kind\":\"" + form.listKind() + "\",\"metadata\":");
            out.write(header.alphabetical());
            print("}\n");
        } else {
            print("]}\n");
        }
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
