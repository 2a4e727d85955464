/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Columns of numbers as a browser reads them without copying: {@code TIX1}, the length of the header (u32), the header (JSON, which says
 * where each column is), and the columns, each from a multiple of eight bytes on. Little endian.
 */
final class Columns {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] MAGIC = "TIX1".getBytes(StandardCharsets.US_ASCII);
    private static final int ALIGNMENT = 8;

    /** Room for the digits of offsets, which are not known before the header is. */
    private static final int SPARE = 40;

    private record Column(String type, int length, byte[] bytes) {}

    private final Map<String, Column> columns = new LinkedHashMap<>();

    void u8(String name, byte[] values, int length) {
        columns.put(name, new Column("u8", length, Arrays.copyOf(values, length)));
    }

    void u16(String name, short[] values, int length) {
        byte[] bytes = new byte[length * Short.BYTES];
        buffer(bytes).asShortBuffer().put(values, 0, length);
        columns.put(name, new Column("u16", length, bytes));
    }

    void u32(String name, int[] values, int length) {
        byte[] bytes = new byte[length * Integer.BYTES];
        buffer(bytes).asIntBuffer().put(values, 0, length);
        columns.put(name, new Column("u32", length, bytes));
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The whole file; the header gets a member {@code columns}. */
    byte[] bytes(ObjectNode header) throws IOException {
        int room = JSON.writeValueAsBytes(header).length;
        for (String name : columns.keySet()) {
            room += name.length() + SPARE + SPARE;
        }
        int begin = aligned(2 * Integer.BYTES + room);
        ObjectNode places = header.putObject("columns");
        int at = begin;
        for (Map.Entry<String, Column> column : columns.entrySet()) {
            places.putObject(column.getKey())
                    .put("type", column.getValue().type())
                    .put("offset", at)
                    .put("length", column.getValue().length());
            at = aligned(at + column.getValue().bytes().length);
        }
        byte[] head = JSON.writeValueAsBytes(header);
        if (head.length > begin - 2 * Integer.BYTES) {
            throw new IllegalStateException("the header of an index is longer than expected: " + head.length);
        }
        byte[] file = new byte[at];
        ByteBuffer out = buffer(file);
        out.put(MAGIC).putInt(begin - 2 * Integer.BYTES).put(head);
        while (out.position() < begin) {
            out.put((byte) ' ');
        }
        for (Column column : columns.values()) {
            out.position(aligned(out.position()));
            out.put(column.bytes());
        }
        return file;
    }

    private static int aligned(int offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
