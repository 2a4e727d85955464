/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A version index as a browser reads it. */
final class IndexFile {

    final JsonNode header;
    private final ByteBuffer bytes;

    IndexFile(byte[] file) throws IOException {
        bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt(0) != 0x31584954) {
            throw new IOException("this is no index");
        }
        header = new ObjectMapper().readTree(new String(file, 8, bytes.getInt(4), StandardCharsets.UTF_8));
    }

    long at(String name, int i) {
        JsonNode column = header.path("columns").path(name);
        int offset = column.path("offset").asInt();
        if (offset % 8 != 0 || i >= column.path("length").asInt()) {
            throw new IndexOutOfBoundsException(name + "[" + i + "], column " + column);
        }
        return switch (column.path("type").asText()) {
            case "u8" -> bytes.get(offset + i) & 0xFF;
            case "u16" -> bytes.getShort(offset + 2 * i) & 0xFFFF;
            default -> bytes.getInt(offset + 4 * i) & 0xFFFF_FFFFL;
        };
    }

    String name(int object) {
        int begin = object == 0 ? 0 : (int) at("objectNameEnd", object - 1);
        int end = (int) at("objectNameEnd", object);
        byte[] name = new byte[end - begin];
        bytes.get(header.path("columns").path("names").path("offset").asInt() + begin, name);
        String namespace = header.path("namespaces")
                .path((int) at("objectNamespace", object))
                .asText();
        String kind = header.path("kinds")
                .path((int) at("objectKind", object))
                .path("resource")
                .asText();
        return kind + " " + namespace + "/" + new String(name, StandardCharsets.UTF_8);
    }

    int objects() {
        return header.path("objects").asInt();
    }

    int changes() {
        return header.path("changes").asInt();
    }

    /** What exists at a time, with its health, as the slider finds it. */
    Map<String, Long> state(long millis) {
        Map<String, Long> state = new TreeMap<>();
        for (int i = 0; i < objects(); i++) {
            put(state, i, at("initial", i));
        }
        for (int i = 0; i < changes() && header.path("from").asLong() + at("time", i) <= millis; i++) {
            put(state, (int) at("object", i), at("health", i));
        }
        return state;
    }

    private void put(Map<String, Long> state, int object, long health) {
        if (health == 255) {
            state.remove(name(object));
        } else {
            state.put(name(object), health);
        }
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < objects(); i++) {
            names.add(name(i));
        }
        return names;
    }
}
