/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.encoding.ByteSink;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what a {@link ByteSink} wrote. Reading past the end, or a number that no sink wrote, throws {@link
 * BufferUnderflowException}; since blocks are checksummed this is a defect, not damage. No length is believed that leads past the
 * end.
 */
final class ByteSource {

    private final ByteBuffer buffer;

    ByteSource(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    boolean hasRemaining() {
        return buffer.hasRemaining();
    }

    int position() {
        return buffer.position();
    }

    void position(int position) {
        buffer.position(position);
    }

    void skip(int count) {
        check(count);
        buffer.position(buffer.position() + count);
    }

    int readByte() {
        return buffer.get();
    }

    void read(byte[] target, int offset, int count) {
        buffer.get(target, offset, count);
    }

    int readVarint() {
        long value = readLong();
        if (value != (int) value || value < 0) {
            throw new BufferUnderflowException();
        }
        return (int) value;
    }

    long readSigned() {
        long raw = readLong();
        return (raw >>> 1) ^ -(raw & 1);
    }

    String readString() {
        int length = readVarint();
        check(length);
        byte[] utf8 = new byte[length];
        buffer.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private void check(int count) {
        if (count > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
    }

    private long readLong() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = buffer.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BufferUnderflowException();
    }
}
