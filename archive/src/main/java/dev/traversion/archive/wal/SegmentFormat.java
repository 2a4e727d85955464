/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** The constants of the segment format; see the package. */
final class SegmentFormat {

    static final int MAGIC = 0x5457414C;
    static final int MAJOR = 1;
    static final int MINOR = 0;
    static final int BLOCK_MAGIC = 0x424C4B0A;

    /** magic, stored bytes, uncompressed bytes, records, crc of those, crc of the payload. */
    static final int BLOCK_HEADER = 6 * Integer.BYTES;

    /** magic, versions, JSON length; the JSON follows, and a checksum of all that. */
    static final int FILE_HEADER = 3 * Integer.BYTES;

    /** No header is larger, so one that says otherwise is damaged. */
    static final int LARGEST_HEADER = 4 << 10;

    /** No block is larger, so a damaged length cannot ask for more memory than this. */
    static final int LARGEST_BLOCK = 64 << 20;

    static final int CHANGE = 1;
    static final int MARK = 2;
    static final int WHOLE = 0;
    static final int DELTA = 1;

    private SegmentFormat() {}

    /** What the header of a {@linkplain WalFence fence} says at its end. */
    private static final String FENCE = ",\"fence\":true}";

    static byte[] fileHeader(SegmentName name) {
        return fileHeader(name, "}");
    }

    static byte[] fenceHeader(SegmentName name) {
        return fileHeader(name, FENCE);
    }

    /** Whether it is the JSON of a fence's header. */
    static boolean isFence(ByteBuffer json) {
        return StandardCharsets.UTF_8.decode(json).toString().endsWith(FENCE);
    }

    private static byte[] fileHeader(SegmentName name, String end) {
        byte[] json = String.format(
                        "{\"writer\":\"%s\",\"epoch\":%d,\"sequence\":%d%s",
                        name.writer(), name.epoch(), name.sequence(), end)
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.allocate(FILE_HEADER + json.length + Integer.BYTES)
                .putInt(MAGIC)
                .putShort((short) MAJOR)
                .putShort((short) MINOR)
                .putInt(json.length)
                .put(json);
        return header.putInt(crc(header.slice(0, header.position()))).array();
    }

    static ByteBuffer blockHeader(int stored, int length, int records, int payloadCrc) {
        ByteBuffer header = ByteBuffer.allocate(BLOCK_HEADER)
                .putInt(BLOCK_MAGIC)
                .putInt(stored)
                .putInt(length)
                .putInt(records);
        header.putInt(crc(header.slice(0, 16))).putInt(payloadCrc);
        return header.flip();
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    static int code(Operation operation) {
        return switch (operation) {
            case ADDED -> 1;
            case MODIFIED -> 2;
            case DELETED -> 3;
        };
    }

    static Operation operation(int code) {
        return switch (code) {
            case 1 -> Operation.ADDED;
            case 2 -> Operation.MODIFIED;
            case 3 -> Operation.DELETED;
            default -> throw new IllegalArgumentException("no operation has the code " + code);
        };
    }

    static int code(CoverageMark.Kind kind) {
        return switch (kind) {
            case OPENED -> 1;
            case CONFIRMED -> 2;
            case CLOSED -> 3;
            case GAP -> 4;
            case HANDED_OVER -> 5;
        };
    }

    static CoverageMark.Kind markKind(int code) {
        return switch (code) {
            case 1 -> CoverageMark.Kind.OPENED;
            case 2 -> CoverageMark.Kind.CONFIRMED;
            case 3 -> CoverageMark.Kind.CLOSED;
            case 4 -> CoverageMark.Kind.GAP;
            case 5 -> CoverageMark.Kind.HANDED_OVER;
            default -> throw new IllegalArgumentException("no mark has the code " + code);
        };
    }
}
