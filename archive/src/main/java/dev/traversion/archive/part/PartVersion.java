/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Trait;
import dev.traversion.archive.json.ManagedFields;
import dev.traversion.archive.parquet.TextPage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A row of a part. It puts managedFields back into the body while writing. */
final class PartVersion implements ObjectVersion {

    private static final byte[] NOTHING = {};

    private final RowIndex index;
    private final int row;
    private final BodyPages pages;
    private ObjectKey key;

    PartVersion(RowIndex index, int row, BodyPages pages) {
        this.index = index;
        this.row = row;
        this.pages = pages;
    }

    /** Shares the key of another row of the same key, if that made it. */
    void keyOf(PartVersion other) {
        key = other.key;
    }

    @Override
    public ObjectKey key() {
        if (key == null) {
            key = index.key(index.keyOf(row));
        }
        return key;
    }

    @Override
    public String kind() {
        return index.kind(row);
    }

    @Override
    public String uid() {
        return index.uid(row);
    }

    @Override
    public String resourceVersion() {
        return index.resourceVersion(row);
    }

    @Override
    public long observedAt() {
        return index.observedAt(row);
    }

    @Override
    public long validTo() {
        return index.validTo(row);
    }

    @Override
    public Operation operation() {
        return index.operation(row);
    }

    /** Its row within the row group. */
    int row() {
        return row;
    }

    boolean isCarry() {
        return index.isCarry(row);
    }

    @Override
    public String fieldManager() {
        return index.fieldManager(row);
    }

    @Override
    public int bodyLength() {
        TextPage body = pages.body(row);
        int at = index.managedFieldsAt(row);
        if (at < 0) {
            return body.length(row);
        }
        return body.length(row)
                + before(body, at).length
                + pages.managedFields(row).length(row)
                + after(body, at).length;
    }

    @Override
    public byte[] body() {
        TextPage body = pages.body(row);
        int at = index.managedFieldsAt(row);
        if (at < 0) {
            return Arrays.copyOfRange(body.bytes(), body.from(row), body.to(row));
        }
        TextPage fields = pages.managedFields(row);
        byte[] before = before(body, at);
        byte[] after = after(body, at);
        byte[] whole = new byte[body.length(row) + before.length + fields.length(row) + after.length];
        System.arraycopy(body.bytes(), body.from(row), whole, 0, at);
        System.arraycopy(before, 0, whole, at, before.length);
        int end = at + before.length;
        System.arraycopy(fields.bytes(), fields.from(row), whole, end, fields.length(row));
        end += fields.length(row);
        System.arraycopy(after, 0, whole, end, after.length);
        end += after.length;
        System.arraycopy(body.bytes(), body.from(row) + at, whole, end, body.length(row) - at);
        return whole;
    }

    @Override
    public void writeBody(OutputStream out, boolean managedFields, int skip) throws IOException {
        TextPage body = pages.body(row);
        int at = managedFields ? index.managedFieldsAt(row) : -1;
        int from = body.from(row);
        int to = body.to(row);
        if (at < 0) {
            write(out, body.bytes(), from, to, skip);
            return;
        }
        TextPage fields = pages.managedFields(row);
        int rest = write(out, body.bytes(), from, from + at, skip);
        byte[] before = before(body, at);
        rest = write(out, before, 0, before.length, rest);
        rest = write(out, fields.bytes(), fields.from(row), fields.to(row), rest);
        byte[] after = after(body, at);
        rest = write(out, after, 0, after.length, rest);
        write(out, body.bytes(), from + at, to, rest);
    }

    /** Writes what is left of a range after skipping, and returns how much is still to be skipped behind it. */
    private static int write(OutputStream out, byte[] bytes, int from, int to, int skip) throws IOException {
        int length = to - from;
        if (skip < length) {
            out.write(bytes, from + skip, length - skip);
            return 0;
        }
        return skip - length;
    }

    @Override
    public long trait(Trait trait) throws IOException {
        return pages.trait(trait, row, this);
    }

    private byte[] before(TextPage body, int at) {
        return ManagedFields.before(body.bytes()[body.from(row) + at - 1]);
    }

    private byte[] after(TextPage body, int at) {
        int next = body.from(row) + at;
        return next < body.to(row) ? ManagedFields.after(body.bytes()[next - 1], body.bytes()[next]) : NOTHING;
    }
}
