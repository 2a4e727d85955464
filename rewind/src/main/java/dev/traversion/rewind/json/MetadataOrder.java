/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an object's metadata with its members in the order of the typed API. Custom resources are stored with members in
 * alphabetical order, yet their PartialObjectMetadata comes in that of the type.
 */
public final class MetadataOrder {

    private static final byte[][] METADATA = JsonScanner.path(
            "name",
            "generateName",
            "namespace",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
            "managedFields");
    private static final byte[][] OWNER_REFERENCE =
            JsonScanner.path("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion");
    private static final byte[][] MANAGED_FIELDS_ENTRY =
            JsonScanner.path("manager", "operation", "apiVersion", "time", "fieldsType", "fieldsV1", "subresource");
    private static final String OWNER_REFERENCES = "ownerReferences";
    private static final String MANAGED_FIELDS = "managedFields";

    private MetadataOrder() {}

    /** Writes the metadata object that starts at {@code start}. */
    public static void write(byte[] json, int start, OutputStream out) throws IOException {
        out.write('{');
        boolean first = true;
        for (byte[] name : METADATA) {
            int value = JsonScanner.member(json, start, name);
            if (value < 0) {
                continue;
            }
            writeName(name, first, out);
            first = false;
            String member = new String(name, StandardCharsets.UTF_8);
            if (member.equals(OWNER_REFERENCES)) {
                writeArray(json, value, OWNER_REFERENCE, out);
            } else if (member.equals(MANAGED_FIELDS)) {
                writeArray(json, value, MANAGED_FIELDS_ENTRY, out);
            } else {
                out.write(json, value, JsonScanner.end(json, value) - value);
            }
        }
        out.write('}');
    }

    private static void writeArray(byte[] json, int start, byte[][] order, OutputStream out) throws IOException {
        out.write('[');
        JsonScanner.Elements elements = new JsonScanner.Elements(json, start);
        boolean firstElement = true;
        while (elements.next()) {
            if (!firstElement) {
                out.write(',');
            }
            firstElement = false;
            out.write('{');
            boolean first = true;
            for (byte[] name : order) {
                int value = JsonScanner.member(json, elements.start(), name);
                if (value >= 0) {
                    writeName(name, first, out);
                    first = false;
                    out.write(json, value, JsonScanner.end(json, value) - value);
                }
            }
            out.write('}');
        }
        out.write(']');
    }

    private static void writeName(byte[] name, boolean first, OutputStream out) throws IOException {
        if (!first) {
            out.write(',');
        }
        out.write('"');
        out.write(name);
        out.write('"');
        out.write(':');
    }
}
