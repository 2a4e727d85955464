/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.json.FieldManagers;
import dev.traversion.archive.json.ManagedFields;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A version whose whole body is at hand. It stays valid.
 *
 * @param wholeBody not to be changed
 */
public record RawVersion(
        ObjectKey key,
        String kind,
        String uid,
        String resourceVersion,
        long observedAt,
        long validTo,
        Operation operation,
        byte[] wholeBody)
        implements ObjectVersion {

    @Override
    public String fieldManager() {
        ManagedFields fields = ManagedFields.find(wholeBody, wholeBody.length);
        return fields == null ? "" : FieldManagers.newest(wholeBody, fields.valueStart(), fields.valueEnd());
    }

    @Override
    public int bodyLength() {
        return wholeBody.length;
    }

    @Override
    public byte[] body() {
        return wholeBody.clone();
    }

    @Override
    public void writeBody(OutputStream out, boolean managedFields, int skip) throws IOException {
        ManagedFields fields = managedFields ? null : ManagedFields.find(wholeBody, wholeBody.length);
        if (fields == null) {
            out.write(wholeBody, Math.min(skip, wholeBody.length), Math.max(wholeBody.length - skip, 0));
            return;
        }
        if (skip < fields.at()) {
            out.write(wholeBody, skip, fields.at() - skip);
        }
        int rest = fields.resume() + Math.max(skip - fields.at(), 0);
        if (rest < wholeBody.length) {
            out.write(wholeBody, rest, wholeBody.length - rest);
        }
    }
}
