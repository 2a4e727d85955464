/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where {@code metadata.managedFields} lies in a body, so that it can be cut out and put back byte for byte. A third of the bytes
 * of real objects are managedFields, and few readers want them.
 *
 * @param at what is cut, from here ...
 * @param resume ... to here, exclusive: the member with one comma, if it has a neighbour
 * @param valueStart the member's value, from here ...
 * @param valueEnd ... to here, exclusive
 */
public record ManagedFields(int at, int resume, int valueStart, int valueEnd) {

    private static final byte[] METADATA = "\"metadata\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NAME = "\"managedFields\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] COMMA_NAME = ",\"managedFields\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NONE = {};
    private static final byte[] COMMA = {','};

    /**
     * Finds managedFields in a body.
     *
     * @return null if there are none, or if they could not be put back exactly, as in JSON with white space around them
     */
    public static ManagedFields find(byte[] body, int length) {
        int at = JsonBytes.skipSpace(body, 0, length);
        if (at >= length || body[at] != '{') {
            return null;
        }
        at = JsonBytes.skipSpace(body, at + 1, length);
        while (at >= 0 && at < length && body[at] == '"') {
            int nameEnd = JsonBytes.skipString(body, at, length);
            int value = JsonBytes.skipColon(body, nameEnd, length);
            if (value >= 0 && isAt(METADATA, body, at, nameEnd) && body[value] == '{') {
                return findIn(body, value, length);
            }
            at = JsonBytes.skipComma(body, JsonBytes.skipValue(body, value, length), length);
        }
        return null;
    }

    private static ManagedFields findIn(byte[] body, int metadata, int length) {
        int at = JsonBytes.skipSpace(body, metadata + 1, length);
        while (at >= 0 && at < length && body[at] == '"') {
            int nameEnd = JsonBytes.skipString(body, at, length);
            int value = JsonBytes.skipColon(body, nameEnd, length);
            int valueEnd = JsonBytes.skipValue(body, value, length);
            if (valueEnd >= 0 && value == at + NAME.length && isAt(NAME, body, at, value)) {
                return cut(body, at, value, valueEnd, length);
            }
            at = JsonBytes.skipComma(body, valueEnd, length);
        }
        return null;
    }

    /** Decides which comma goes with the member, in such a way that {@link #before} and {@link #after} can tell from what is left. */
    private static ManagedFields cut(byte[] body, int name, int value, int valueEnd, int length) {
        boolean first = body[name - 1] == '{';
        if (!first) {
            return body[name - 1] == ',' && body[name - 2] != '{'
                    ? new ManagedFields(name - 1, valueEnd, value, valueEnd)
                    : null;
        }
        if (valueEnd < length && body[valueEnd] == '}') {
            return new ManagedFields(name, valueEnd, value, valueEnd);
        }
        if (valueEnd + 1 < length && body[valueEnd] == ',' && body[valueEnd + 1] != '}') {
            return new ManagedFields(name, valueEnd + 1, value, valueEnd);
        }
        return null;
    }

    /**
     * What stood before the value of managedFields which were cut out at {@code at} of a body.
     *
     * @param previous the byte left before {@code at}
     */
    public static byte[] before(byte previous) {
        return previous == '{' ? NAME : COMMA_NAME;
    }

    /**
     * What stood after it.
     *
     * @param previous the byte left before the cut
     * @param next the byte left after it
     */
    public static byte[] after(byte previous, byte next) {
        return previous == '{' && next != '}' ? COMMA : NONE;
    }

    private static boolean isAt(byte[] wanted, byte[] body, int from, int to) {
        return Arrays.equals(wanted, 0, wanted.length, body, from, to);
    }
}
