/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
        ERROR
    }

    private static final byte[] START = "{\"type\":\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OBJECT = "\",\"object\":".getBytes(StandardCharsets.UTF_8);

    static WatchEvent parse(byte[] line, int offset, int length) throws IOException {
        for (Type type : Type.values()) {
            byte[] name = type.name().getBytes(StandardCharsets.UTF_8);
            int object = START.length + name.length + OBJECT.length;
            if (length > object
                    && matches(line, offset, START)
                    && matches(line, offset + START.length, name)
                    && matches(line, offset + START.length + name.length, OBJECT)) {
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

    private static boolean matches(byte[] line, int at, byte[] expected) {
        return at + expected.length <= line.length
                && Arrays.equals(line, at, at + expected.length, expected, 0, expected.length);
    }
}
