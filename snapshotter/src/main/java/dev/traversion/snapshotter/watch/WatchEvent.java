/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A line of a watch: {@code {"type":"ADDED","object":{...}}}, as the API server writes it.
 *
 * @param type of the event
 * @param offset of the object in the line's array
 * @param length of the object
 */
record WatchEvent(Type type, int offset, int length) {

    enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        ERROR;

        private final String start = "{\"type\":\"" + name() + "\",\"object\":";
    }

    private static final List<Type> TYPES = List.of(Type.values());

    static WatchEvent parse(byte[] line, int offset, int length) throws IOException {
        for (Type type : TYPES) {
            int object = type.start.length();
            if (length > object && matches(line, offset, type.start)) {
                int end = offset + length;
                while (end > offset && line[end - 1] != '}') {
                    end--;
                }
                return new WatchEvent(type, offset + object, end - 1 - offset - object);
            }
        }
        throw new IOException(
                "not an event of a watch: " + new String(line, offset, Math.min(length, 80), StandardCharsets.UTF_8));
    }

    private static boolean matches(byte[] line, int at, String expected) {
        for (int i = 0; i < expected.length(); i++) {
            if (line[at + i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
