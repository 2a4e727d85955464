/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import dev.traversion.archive.ObjectVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A PartialObjectMetadataList. */
public final class MetadataListWriter implements ListWriter {

    private final OutputStream out;
    private final MetadataWriter objects;
    private boolean first = true;

    public MetadataListWriter(ResourceForm form, OutputStream out) {
        this.out = out;
        this.objects = new MetadataWriter(form, out);
    }

    @Override
    public void begin(ListHeader header) throws IOException {
        out.write("{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"
                .getBytes(StandardCharsets.UTF_8));
        out.write(header.typed());
        out.write(",\"items\":".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void item(ObjectVersion version) throws IOException {
        out.write(first ? '[' : ',');
        first = false;
        objects.write(version);
    }

    @Override
    public void end() throws IOException {
        // The API server writes an empty list of metadata as null.
        out.write((first ? "null}\n" : "]}\n").getBytes(StandardCharsets.UTF_8));
    }
}
