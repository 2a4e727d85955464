/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that grow, little-endian. Its array is reused after {@link #clear()}. */
final class ByteBuilder extends OutputStream {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] array;
    private int size;

    ByteBuilder(int capacity) {
        array = new byte[capacity];
    }

    byte[] array() {
        return array;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Makes room for so many bytes at the end, to be filled through {@link #array()} and {@link #advance}. */
    void reserve(int bytes) {
        if (array.length - size < bytes) {
            long wanted = Math.max((long) size + bytes, Math.min(array.length * 2L, Integer.MAX_VALUE - 16));
            array = Arrays.copyOf(array, Math.toIntExact(wanted));
        }
    }

    void advance(int bytes) {
        size += bytes;
    }

    @Override
    public void write(int value) {
        reserve(1);
        array[size++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        reserve(length);
        System.arraycopy(bytes, offset, array, size, length);
        size += length;
    }

    void writeInt(int value) {
        reserve(Integer.BYTES);
        INT.set(array, size, value);
        size += Integer.BYTES;
    }

    void writeLong(long value) {
        reserve(Long.BYTES);
        LONG.set(array, size, value);
        size += Long.BYTES;
    }

    void setInt(int at, int value) {
        INT.set(array, at, value);
    }

    void writeVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        write(rest);
    }

    static int intAt(byte[] array, int at) {
        return (int) INT.get(array, at);
    }

    static long longAt(byte[] array, int at) {
        return (long) LONG.get(array, at);
    }
}
