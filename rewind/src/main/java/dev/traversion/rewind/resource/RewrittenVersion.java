/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.cluster.StoredForm;
import dev.traversion.rewind.json.GoJson;
import dev.traversion.rewind.json.JsonScanner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** An object as a watch tells of it where that is not a recorded version itself: a last state under a later version, a bookmark. */
record RewrittenVersion(
        ObjectKey key,
        String kind,
        String uid,
        String resourceVersion,
        long observedAt,
        Operation operation,
        byte[] body)
        implements ObjectVersion {

    private static final byte[][] RESOURCE_VERSION = JsonScanner.path("metadata", "resourceVersion");

    /** The same object with another resourceVersion. */
    static RewrittenVersion of(ObjectVersion original, String resourceVersion, long observedAt) {
        byte[] body = original.body();
        int start = JsonScanner.find(body, 0, RESOURCE_VERSION);
        ByteArrayOutputStream rewritten = new ByteArrayOutputStream(body.length + 8);
        if (start < 0) {
            rewritten.writeBytes(body);
        } else {
            int end = JsonScanner.end(body, start);
            rewritten.write(body, 0, start);
            rewritten.writeBytes(("\"" + resourceVersion + "\"").getBytes(StandardCharsets.UTF_8));
            rewritten.write(body, end, body.length - end);
        }
        return new RewrittenVersion(
                original.key(),
                original.kind(),
                original.uid(),
                resourceVersion,
                observedAt,
                Operation.DELETED,
                rewritten.toByteArray());
    }

    /** An object with nothing but a resourceVersion, in the form in which the type is recorded. */
    static RewrittenVersion bookmark(
            ResourceType type, StoredForm form, String resourceVersion, boolean endOfInitialEvents) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        if (form.alphabetical()) {
            object.put("apiVersion", form.apiVersion()).put("kind", form.kind());
        } else {
            object.put("kind", form.kind()).put("apiVersion", form.apiVersion());
        }
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", resourceVersion);
        if (endOfInitialEvents) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return new RewrittenVersion(
                new ObjectKey(type, "", ""),
                form.kind(),
                "",
                resourceVersion,
                0,
                Operation.MODIFIED,
                GoJson.bytes(object));
    }

    @Override
    public long validTo() {
        return Long.MAX_VALUE;
    }

    @Override
    public String fieldManager() {
        return "";
    }

    @Override
    public int bodyLength() {
        return body.length;
    }

    @Override
    public void writeBody(OutputStream out, boolean managedFields, int skip) throws IOException {
        out.write(body, skip, body.length - skip);
    }
}
