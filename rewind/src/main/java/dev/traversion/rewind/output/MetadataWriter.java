/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.JsonScanner;
import dev.traversion.rewind.json.MetadataOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes objects as PartialObjectMetadata. */
final class MetadataWriter {

    private static final byte[] HEAD =
            "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[][] METADATA = JsonScanner.path("metadata");

    private final ResourceForm form;
    private final OutputStream out;
    private final Body body = new Body();

    MetadataWriter(ResourceForm form, OutputStream out) {
        this.form = form;
        this.out = out;
    }

    void write(ObjectVersion version) throws IOException {
        write(body.read(version, true).bytes());
    }

    /** @param json a whole recorded body */
    void write(byte[] json) throws IOException {
        int start = JsonScanner.find(json, 0, METADATA);
        out.write(HEAD);
        if (form.custom()) {
            MetadataOrder.write(json, start, out);
        } else {
            out.write(json, start, JsonScanner.end(json, start) - start);
        }
        out.write('}');
    }
}
