/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** The constants of the format; see the package. */
final class LandingFormat {

    static final int MAGIC = 0x54524F57;
    static final int MAJOR = 1;
    static final int MINOR = 0;
    static final int BLOCK_MAGIC = 0x524F570A;

    /** magic, versions, JSON length; the JSON follows, and a checksum of all that. */
    static final int FILE_HEADER = 3 * Integer.BYTES;

    /** What of a block's header is checksummed, and all of it. */
    static final int CHECKED_HEADER = 5 * Integer.BYTES;

    static final int BLOCK_HEADER = CHECKED_HEADER + 2 * Integer.BYTES;

    /** Nothing is larger, so a damaged length cannot ask for more memory than this. */
    static final int LARGEST_HEADER = 4 << 10;

    static final int LARGEST_BLOCK = 16 << 20;
    static final int MOST_ROWS = 1 << 14;
    static final int MOST_COLUMNS = 1 << 8;

    /** One value for all rows. */
    static final int CONSTANT = 0;

    /** Each value as it is. */
    static final int PLAIN = 1;

    /** Each value as its difference from the one before. */
    static final int DELTA = 2;

    /** Distinct texts, then the number of each row's one, plain. */
    static final int WORDS = 3;

    private LandingFormat() {}

    static byte[] fileHeader(LandingName name) {
        byte[] json = String.format(
                        "{\"node\":\"%s\",\"epoch\":%d,\"sequence\":%d}", name.node(), name.epoch(), name.sequence())
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.allocate(FILE_HEADER + json.length + Integer.BYTES)
                .putInt(MAGIC)
                .putShort((short) MAJOR)
                .putShort((short) MINOR)
                .putInt(json.length)
                .put(json);
        return header.putInt(crc(header.slice(0, header.position()))).array();
    }

    static ByteBuffer blockHeader(int stored, int length, int rows, int table, int columns, int payloadCrc) {
        ByteBuffer header = ByteBuffer.allocate(BLOCK_HEADER)
                .putInt(BLOCK_MAGIC)
                .putInt(stored)
                .putInt(length)
                .putInt(rows)
                .putShort((short) table)
                .putShort((short) columns);
        return header.putInt(crc(header.slice(0, CHECKED_HEADER)))
                .putInt(payloadCrc)
                .flip();
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
