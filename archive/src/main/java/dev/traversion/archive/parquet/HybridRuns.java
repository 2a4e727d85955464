/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.util.Arrays;

/** Parquet's RLE / bit-packing hybrid encoding of small numbers: dictionary ids and levels. */
final class HybridRuns {

    private static final int GROUP = 8;

    private HybridRuns() {}

    static int bitWidth(int max) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(max);
    }

    static void encode(int[] values, int count, int bitWidth, ByteBuilder out) {
        int packedFrom = 0;
        int i = 0;
        while (i < count) {
            int run = runLength(values, i, count);
            // a run may only begin after whole groups of packed values
            int lead = (GROUP - (i - packedFrom) % GROUP) % GROUP;
            if (run - lead >= GROUP) {
                i += lead;
                pack(values, packedFrom, i, bitWidth, out);
                int repeated = run - lead;
                out.writeVarint(repeated << 1);
                for (int bits = 0; bits < bitWidth; bits += Byte.SIZE) {
                    out.write(values[i] >>> bits);
                }
                i += repeated;
                packedFrom = i;
            } else {
                i += run;
            }
        }
        pack(values, packedFrom, count, bitWidth, out);
    }

    private static int runLength(int[] values, int from, int count) {
        int end = from + 1;
        while (end < count && values[end] == values[from]) {
            end++;
        }
        return end - from;
    }

    private static void pack(int[] values, int from, int to, int bitWidth, ByteBuilder out) {
        if (from == to) {
            return;
        }
        int groups = (to - from + GROUP - 1) / GROUP;
        out.writeVarint((groups << 1) | 1);
        long bits = 0;
        int held = 0;
        for (int i = from; i < from + groups * GROUP; i++) {
            bits |= (i < to ? (long) values[i] : 0L) << held;
            held += bitWidth;
            while (held >= Byte.SIZE) {
                out.write((int) bits);
                bits >>>= Byte.SIZE;
                held -= Byte.SIZE;
            }
        }
    }

    /**
     * Decodes {@code count} values.
     *
     * @return false if the bytes do not hold exactly so many values, each at most {@code max}
     */
    static boolean decode(byte[] bytes, int from, int to, int bitWidth, int max, int[] values, int count) {
        int at = from;
        int done = 0;
        while (done < count) {
            int header = 0;
            int shift = 0;
            int piece;
            do {
                if (at >= to || shift > 28) {
                    return false;
                }
                piece = bytes[at++];
                header |= (piece & 0x7f) << shift;
                shift += 7;
            } while (piece < 0);
            int length = header >>> 1;
            if ((header & 1) == 0) {
                int width = (bitWidth + Byte.SIZE - 1) / Byte.SIZE;
                if (length == 0 || length > count - done || to - at < width) {
                    return false;
                }
                int value = 0;
                for (int b = 0; b < width; b++) {
                    value |= (bytes[at++] & 0xff) << (b * Byte.SIZE);
                }
                if (Integer.compareUnsigned(value, max) > 0) {
                    return false;
                }
                Arrays.fill(values, done, done + length, value);
                done += length;
            } else {
                long packed = (long) length * bitWidth;
                if (length == 0 || packed > to - at || length > (count - done + GROUP - 1) / GROUP) {
                    return false;
                }
                int wanted = Math.min(length * GROUP, count - done);
                if (!unpack(bytes, at, bitWidth, max, values, done, wanted)) {
                    return false;
                }
                at += (int) packed;
                done += wanted;
            }
        }
        return at == to;
    }

    private static boolean unpack(byte[] bytes, int from, int bitWidth, int max, int[] values, int start, int wanted) {
        int at = from;
        long bits = 0;
        int held = 0;
        long mask = (1L << bitWidth) - 1;
        for (int i = start; i < start + wanted; i++) {
            while (held < bitWidth) {
                bits |= (bytes[at++] & 0xffL) << held;
                held += Byte.SIZE;
            }
            int value = (int) (bits & mask);
            if (Integer.compareUnsigned(value, max) > 0) {
                return false;
            }
            values[i] = value;
            bits >>>= bitWidth;
            held -= bitWidth;
        }
        return true;
    }
}
