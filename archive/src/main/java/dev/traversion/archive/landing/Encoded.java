/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import java.util.Arrays;

/** Bytes that grow, with the format's numbers. Kept and reused, so that nothing is allocated for a block once it has its size. */
final class Encoded {

    private byte[] bytes;
    private int length;

    Encoded(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void writeByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    void write(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void writeVarint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** A number that may be negative, small ones short. */
    void writeSigned(long value) {
        writeVarint(zigzag(value));
    }

    /** How many bytes {@link #writeSigned} takes. */
    static int signedBytes(long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(zigzag(value) | 1);
        return (bits + 6) / 7;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length + (bytes.length >> 1)));
        }
    }
}
