/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The header of a page, in Thrift's compact protocol. The reader takes exactly what the writer writes: anything else is damage,
 * since no checksum covers headers.
 *
 * @param dictionary whether it is a dictionary page, else one of data
 * @param rawBytes of the page decompressed
 * @param bytes of the page as it is in the file, without this header
 * @param crc CRC-32 of those
 * @param values number of values, or of dictionary entries
 * @param encoding Parquet's number of the encoding
 */
record PageHeader(boolean dictionary, int rawBytes, int bytes, int crc, int values, int encoding) {

    static final int PLAIN = 0;
    static final int DELTA_BINARY_PACKED = 5;
    static final int RLE_DICTIONARY = 8;

    private static final int RLE = 3;
    private static final int DATA_PAGE = 0;
    private static final int DICTIONARY_PAGE = 2;
    // a field's type and the distance from the number of the field before it
    private static final int NEXT_INT = 0x15;
    private static final int NEXT_STRUCT = 0x1c;
    private static final int THIRD_NEXT_STRUCT = 0x3c;
    private static final int STOP = 0;

    void writeTo(ByteBuilder out) {
        writeInt(out, dictionary ? DICTIONARY_PAGE : DATA_PAGE);
        writeInt(out, rawBytes);
        writeInt(out, bytes);
        writeInt(out, crc);
        out.write(dictionary ? THIRD_NEXT_STRUCT : NEXT_STRUCT);
        writeInt(out, values);
        writeInt(out, encoding);
        if (!dictionary) {
            writeInt(out, RLE);
            writeInt(out, RLE);
        }
        out.write(STOP);
        out.write(STOP);
    }

    private static void writeInt(ByteBuilder out, int value) {
        out.write(NEXT_INT);
        out.writeVarint((value << 1) ^ (value >> 31));
    }

    /** Reads headers one after the other. */
    static final class Reader {

        private final MemorySegment file;
        private final long end;
        private long at;

        Reader(MemorySegment file, long from, long end) {
            this.file = file;
            this.end = end;
            at = from;
        }

        /** Where the next thing to read is. */
        long position() {
            return at;
        }

        void skip(int bytes) {
            at += bytes;
        }

        boolean isAtEnd() {
            return at == end;
        }

        /** The header at the position; null if there is none that the writer could have written. */
        PageHeader next() {
            try {
                int type = readInt();
                int rawBytes = readInt();
                int bytes = readInt();
                int crc = readInt();
                expect(type == DICTIONARY_PAGE ? THIRD_NEXT_STRUCT : NEXT_STRUCT);
                int values = readInt();
                int encoding = readInt();
                boolean dictionary = type == DICTIONARY_PAGE;
                if (!dictionary) {
                    check(type == DATA_PAGE && readInt() == RLE && readInt() == RLE);
                }
                expect(STOP);
                expect(STOP);
                check(rawBytes >= 0 && bytes >= 0 && bytes <= end - at && values >= 0);
                check(!dictionary || encoding == PLAIN);
                return new PageHeader(dictionary, rawBytes, bytes, crc, values, encoding);
            } catch (MalformedHeader | InternalError e) {
                // the JVM reports an InternalError when a mapped file was cut short
                return null;
            }
        }

        private int readInt() throws MalformedHeader {
            expect(NEXT_INT);
            long value = 0;
            for (int shift = 0; shift < 35; shift += 7) {
                int piece = readByte();
                value |= (piece & 0x7fL) << shift;
                if ((piece & 0x80) == 0) {
                    check(value <= 0xffff_ffffL);
                    return (int) (value >>> 1) ^ -((int) value & 1);
                }
            }
            throw new MalformedHeader();
        }

        private void expect(int wanted) throws MalformedHeader {
            check(readByte() == wanted);
        }

        private int readByte() throws MalformedHeader {
            check(at < end);
            return file.get(ValueLayout.JAVA_BYTE, at++) & 0xff;
        }

        private static void check(boolean condition) throws MalformedHeader {
            if (!condition) {
                throw new MalformedHeader();
            }
        }
    }

    private static final class MalformedHeader extends Exception {

        MalformedHeader() {
            super(null, null, false, false);
        }
    }
}
