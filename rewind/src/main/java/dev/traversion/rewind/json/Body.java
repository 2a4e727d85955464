/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import dev.traversion.archive.ObjectVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** The bytes of one body at a time, in a buffer that is used again for the next. */
public final class Body extends OutputStream {

    private byte[] bytes = new byte[16 * 1024];
    private int length;

    /** Holds this version's body from now on. */
    public Body read(ObjectVersion version, boolean managedFields) throws IOException {
        length = 0;
        version.writeBody(this, managedFields, 0);
        return this;
    }

    /** Holds these bytes from now on. */
    public Body set(byte[] json) {
        length = 0;
        write(json, 0, json.length);
        return this;
    }

    @Override
    public void write(int b) {
        ensure(1);
        bytes[length++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    private void ensure(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
        }
    }

    /** The buffer; only the first {@link #length()} bytes count. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** The text at a path, {@code ""} if there is none. */
    public String text(byte[]... path) {
        int at = length == 0 ? -1 : JsonScanner.find(bytes, 0, path);
        return at < 0 ? "" : JsonScanner.text(bytes, at);
    }

    public byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }
}
