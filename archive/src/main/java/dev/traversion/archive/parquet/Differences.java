/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

/**
 * Parquet's DELTA_BINARY_PACKED encoding of 64 bit integers: differences, in blocks of 128 less the smallest one of the block, each 32 of
 * them with as many bits as the largest needs.
 */
final class Differences {

    /** What {@link #size} says of values that differ by too much. */
    static final long NONE = Long.MAX_VALUE;

    private static final int BLOCK = 128;
    private static final int MINIBLOCKS = 4;
    private static final int MINIBLOCK = BLOCK / MINIBLOCKS;

    /** So that a difference fits into a long beside the bits of a byte that is not full. */
    private static final int WIDEST = Long.SIZE - Byte.SIZE;

    private static final int LONGEST_VARINT = 70;

    private Differences() {}

    /** About how many bytes they take; {@link #NONE} if this encoding cannot hold them. */
    static long size(long[] values, int count) {
        long bits = 0;
        for (int from = 1; from < count; from += BLOCK) {
            int to = Math.min(count, from + BLOCK);
            long least = Long.MAX_VALUE;
            for (int i = from; i < to; i++) {
                long difference = values[i] - values[i - 1];
                if (overflows(values[i], values[i - 1], difference)) {
                    return NONE;
                }
                least = Math.min(least, difference);
            }
            for (int start = from; start < to; start += MINIBLOCK) {
                int width = width(values, start, Math.min(to, start + MINIBLOCK), least);
                if (width > WIDEST) {
                    return NONE;
                }
                bits += (long) width * MINIBLOCK;
            }
            bits += (Long.SIZE + Byte.SIZE - Long.numberOfLeadingZeros(Math.abs(least))) + MINIBLOCKS * Byte.SIZE;
        }
        return bits / Byte.SIZE + 2 * Long.BYTES;
    }

    private static boolean overflows(long value, long before, long difference) {
        return ((value ^ before) & (value ^ difference)) < 0;
    }

    private static int width(long[] values, int from, int to, long least) {
        long all = 0;
        for (int i = from; i < to; i++) {
            all |= values[i] - values[i - 1] - least;
        }
        return Long.SIZE - Long.numberOfLeadingZeros(all);
    }

    /** Encodes values that {@link #size} has a size for. */
    static void encode(long[] values, int count, ByteBuilder out) {
        out.writeVarint(BLOCK);
        out.writeVarint(MINIBLOCKS);
        out.writeVarint(count);
        writeSigned(out, count == 0 ? 0 : values[0]);
        for (int from = 1; from < count; from += BLOCK) {
            int to = Math.min(count, from + BLOCK);
            long least = Long.MAX_VALUE;
            for (int i = from; i < to; i++) {
                least = Math.min(least, values[i] - values[i - 1]);
            }
            writeSigned(out, least);
            int[] widths = new int[MINIBLOCKS];
            for (int mini = 0; mini < MINIBLOCKS; mini++) {
                int start = from + mini * MINIBLOCK;
                widths[mini] = start < to ? width(values, start, Math.min(to, start + MINIBLOCK), least) : 0;
                out.write(widths[mini]);
            }
            for (int start = from; start < to; start += MINIBLOCK) {
                pack(values, start, to, least, widths[(start - from) / MINIBLOCK], out);
            }
        }
    }

    private static void pack(long[] values, int from, int to, long least, int width, ByteBuilder out) {
        long bits = 0;
        int held = 0;
        for (int i = from; i < from + MINIBLOCK; i++) {
            bits |= (i < to ? values[i] - values[i - 1] - least : 0) << held;
            held += width;
            while (held >= Byte.SIZE) {
                out.write((int) bits);
                bits >>>= Byte.SIZE;
                held -= Byte.SIZE;
            }
        }
    }

    private static void writeSigned(ByteBuilder out, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /**
     * Decodes values.
     *
     * @return false if the bytes are not what {@link #encode} makes of so many values
     */
    static boolean decode(byte[] bytes, int length, long[] values) {
        try {
            return new Decoder(bytes, length).decode(values);
        } catch (Malformed e) {
            return false;
        }
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private Malformed() {
            super(null, null, false, false);
        }
    }

    private static final class Decoder {

        private final byte[] bytes;
        private final int length;
        private int at;

        private Decoder(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        private boolean decode(long[] values) throws Malformed {
            if (varint() != BLOCK || varint() != MINIBLOCKS || varint() != values.length) {
                return false;
            }
            long first = signed();
            if (values.length > 0) {
                values[0] = first;
            }
            for (int from = 1; from < values.length; from += BLOCK) {
                int to = Math.min(values.length, from + BLOCK);
                long least = signed();
                int widths = at;
                at += MINIBLOCKS;
                for (int start = from; start < to; start += MINIBLOCK) {
                    require(at <= length);
                    unpack(
                            values,
                            start,
                            Math.min(to, start + MINIBLOCK),
                            least,
                            bytes[widths + (start - from) / MINIBLOCK]);
                }
            }
            return at == length;
        }

        private void unpack(long[] values, int from, int to, long least, int width) throws Malformed {
            require(width >= 0 && width <= WIDEST);
            int end = at + width * (MINIBLOCK / Byte.SIZE);
            require(end <= length);
            long mask = (1L << width) - 1;
            long bits = 0;
            int held = 0;
            for (int i = from; i < to; i++) {
                while (held < width) {
                    bits |= (bytes[at++] & 0xffL) << held;
                    held += Byte.SIZE;
                }
                values[i] = values[i - 1] + least + (bits & mask);
                bits >>>= width;
                held -= width;
            }
            at = end;
        }

        private long signed() throws Malformed {
            long value = varint();
            return (value >>> 1) ^ -(value & 1);
        }

        private long varint() throws Malformed {
            long value = 0;
            for (int shift = 0; shift < LONGEST_VARINT; shift += 7) {
                require(at < length);
                int piece = bytes[at++];
                value |= (piece & 0x7fL) << shift;
                if (piece >= 0) {
                    return value;
                }
            }
            throw new Malformed();
        }

        private static void require(boolean condition) throws Malformed {
            if (!condition) {
                throw new Malformed();
            }
        }
    }
}
