/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer with the encodings of the log and of landing files. Kept and reused, it allocates nothing once it has its size. */
public final class ByteSink {

    private byte[] bytes;
    private int length;

    public ByteSink(int capacity) {
        this.bytes = new byte[capacity];
    }

    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    /** Forgets what was written after {@code length}. */
    public void truncate(int length) {
        this.length = length;
    }

    public void writeByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    public void write(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    public void writeVarint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** A number that may be negative, small ones short. */
    public void writeSigned(long value) {
        writeVarint(zigzag(value));
    }

    /** How many bytes {@link #writeSigned} takes. */
    public static int signedBytes(long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(zigzag(value) | 1);
        return (bits + 6) / 7;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    public void writeString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        writeVarint(utf8.length);
        write(utf8, 0, utf8.length);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length + (bytes.length >> 1)));
        }
    }
}
