/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.encoding.ByteSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A body as copies from the body before it and inserted bytes. Versions of one object differ in a few places, so this is some tens
 * of bytes where the body has thousands.
 *
 * <p>Operations are varints: {@code length << 1 | 1} followed by that many bytes inserts them; {@code length << 1} followed by a
 * varint offset copies from there. Not safe for concurrent use: an encoder keeps its tables.
 */
final class Delta {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WINDOW = Long.BYTES;
    private static final int INDEX_STEP = 4;
    private static final int SHORTEST_COPY = 12;

    private int[] heads = new int[1 << 10];

    /** Writes what turns {@code base[0, baseLength)} into {@code body}. */
    void encode(byte[] base, int baseLength, byte[] body, ByteSink out) {
        int prefix = Arrays.mismatch(base, 0, baseLength, body, 0, body.length);
        if (prefix < 0) {
            copy(out, 0, body.length);
            return;
        }
        int suffix = commonSuffix(base, baseLength, body, prefix);
        int baseEnd = baseLength - suffix;
        int bodyEnd = body.length - suffix;
        copy(out, 0, prefix);
        encodeMiddle(base, prefix, baseEnd, body, prefix, bodyEnd, out);
        copy(out, baseEnd, suffix);
    }

    /**
     * The length of the body that the operations in {@code source} make, read up to its end.
     *
     * @throws IndexOutOfBoundsException or {@link java.nio.BufferUnderflowException} if no encoder wrote them for such a base
     */
    static int length(int baseLength, ByteSource source) {
        int length = 0;
        while (source.hasRemaining()) {
            int operation = source.readVarint();
            int count = operation >>> 1;
            if ((operation & 1) == 1) {
                source.skip(count);
            } else {
                Objects.checkFromIndexSize(source.readVarint(), count, baseLength);
            }
            Objects.checkFromIndexSize(length, count, SegmentFormat.LARGEST_BLOCK);
            length += count;
        }
        return length;
    }

    /**
     * Rebuilds a body from the operations in {@code source}, read up to its end.
     *
     * @param length of the body
     */
    static byte[] decode(byte[] base, ByteSource source, int length) {
        byte[] body = new byte[length];
        int at = 0;
        while (source.hasRemaining()) {
            int operation = source.readVarint();
            int count = operation >>> 1;
            if ((operation & 1) == 1) {
                source.read(body, at, count);
            } else {
                System.arraycopy(base, source.readVarint(), body, at, count);
            }
            at += count;
        }
        return body;
    }

    private static int commonSuffix(byte[] base, int baseLength, byte[] body, int prefix) {
        int most = Math.min(baseLength, body.length) - prefix;
        int suffix = 0;
        while (suffix < most && base[baseLength - 1 - suffix] == body[body.length - 1 - suffix]) {
            suffix++;
        }
        return suffix;
    }

    private void encodeMiddle(byte[] base, int baseFrom, int baseTo, byte[] body, int from, int to, ByteSink out) {
        int pending = from;
        if (to - from > SHORTEST_COPY && baseTo - baseFrom > SHORTEST_COPY) {
            index(base, baseFrom, baseTo);
            int mask = heads.length - 1;
            int at = from;
            while (at + WINDOW <= to) {
                int candidate = heads[hash((long) LONGS.get(body, at)) & mask] - 1;
                int length = candidate < 0 ? 0 : match(base, candidate, baseTo, body, at, to);
                if (length < SHORTEST_COPY) {
                    at++;
                    continue;
                }
                int back = 0;
                while (at - back > pending
                        && candidate - back > 0
                        && base[candidate - back - 1] == body[at - back - 1]) {
                    back++;
                }
                insert(out, body, pending, at - back);
                copy(out, candidate - back, length + back);
                at += length;
                pending = at;
            }
        }
        insert(out, body, pending, to);
    }

    private void index(byte[] base, int from, int to) {
        int wanted = Integer.highestOneBit(Math.max(256, (to - from) / INDEX_STEP * 2)) << 1;
        if (heads.length < wanted) {
            heads = new int[wanted];
        } else {
            Arrays.fill(heads, 0);
        }
        int mask = heads.length - 1;
        for (int at = from; at + WINDOW <= to; at += INDEX_STEP) {
            heads[hash((long) LONGS.get(base, at)) & mask] = at + 1;
        }
    }

    private static int match(byte[] base, int baseAt, int baseTo, byte[] body, int at, int to) {
        int most = Math.min(baseTo - baseAt, to - at);
        int mismatch = Arrays.mismatch(base, baseAt, baseAt + most, body, at, at + most);
        return mismatch < 0 ? most : mismatch;
    }

    private static int hash(long window) {
        return (int) ((window * 0x9E3779B97F4A7C15L) >>> 40);
    }

    private static void copy(ByteSink out, int offset, int length) {
        if (length > 0) {
            out.writeVarint(length << 1);
            out.writeVarint(offset);
        }
    }

    private static void insert(ByteSink out, byte[] body, int from, int to) {
        if (to > from) {
            out.writeVarint((to - from) << 1 | 1);
            out.write(body, from, to - from);
        }
    }
}
