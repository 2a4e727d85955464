/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Steps through JSON text. Positions are indexes into the array; {@code -1} says that the text ends or is no JSON before that. */
final class JsonBytes {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private JsonBytes() {}

    /** The first position from {@code i} on that holds no white space; {@code end} if there is none. */
    static int skipSpace(byte[] json, int i, int end) {
        while (i < end && isSpace(json[i])) {
            i++;
        }
        return i;
    }

    /** The position after the value that starts at {@code i}. */
    static int skipValue(byte[] json, int i, int end) {
        if (i < 0 || i >= end) {
            return -1;
        }
        return switch (json[i]) {
            case '"' -> skipString(json, i, end);
            case '{', '[' -> skipContainer(json, i, end);
            default -> skipScalar(json, i, end);
        };
    }

    /** The position after the string whose opening quote is at {@code i}. */
    static int skipString(byte[] json, int i, int end) {
        int at = i + 1;
        while (true) {
            // eight bytes at a time: most strings are longer than that, and most bytes of an object are in strings
            while (at + Long.BYTES <= end) {
                long word = (long) LONG.get(json, at);
                long found = zeroBytes(word ^ QUOTES) | zeroBytes(word ^ BACKSLASHES);
                if (found != 0) {
                    at += Long.numberOfTrailingZeros(found) >>> 3;
                    break;
                }
                at += Long.BYTES;
            }
            while (at < end && json[at] != '"' && json[at] != '\\') {
                at++;
            }
            if (at >= end) {
                return -1;
            }
            if (json[at] == '"') {
                return at + 1;
            }
            at += 2;
        }
    }

    private static int skipContainer(byte[] json, int i, int end) {
        int depth = 0;
        int at = i;
        while (at < end) {
            switch (json[at]) {
                case '"' -> {
                    at = skipString(json, at, end);
                    if (at < 0) {
                        return -1;
                    }
                }
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                    if (depth == 0) {
                        return at;
                    }
                }
                default -> at++;
            }
        }
        return -1;
    }

    /** A number or literal that reaches {@code end} is not complete: nothing says that it stops there. */
    private static int skipScalar(byte[] json, int i, int end) {
        int at = i;
        while (at < end) {
            byte c = json[at];
            if (c == ',' || c == '}' || c == ']' || isSpace(c)) {
                return at == i ? -1 : at;
            }
            if (c == '"' || c == '{' || c == '[' || c == ':') {
                return -1;
            }
            at++;
        }
        return -1;
    }

    /** From the end of a member's name over the colon to the start of its value. */
    static int skipColon(byte[] json, int i, int end) {
        if (i < 0) {
            return -1;
        }
        int at = skipSpace(json, i, end);
        if (at >= end || json[at] != ':') {
            return -1;
        }
        at = skipSpace(json, at + 1, end);
        return at < end ? at : -1;
    }

    /**
     * From the end of a value in an object or array to the next member or element, or to the closing bracket.
     */
    static int skipComma(byte[] json, int i, int end) {
        if (i < 0) {
            return -1;
        }
        int at = skipSpace(json, i, end);
        if (at >= end) {
            return -1;
        }
        if (json[at] == '}' || json[at] == ']') {
            return at;
        }
        if (json[at] != ',') {
            return -1;
        }
        at = skipSpace(json, at + 1, end);
        return at < end ? at : -1;
    }

    /** The text of the string literal in {@code [from, to)}, quotes included. */
    static String text(byte[] json, int from, int to) {
        String raw = new String(json, from + 1, to - from - 2, StandardCharsets.UTF_8);
        return raw.indexOf('\\') < 0 ? raw : unescape(raw);
    }

    private static String unescape(String raw) {
        StringBuilder text = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\' || i == raw.length()) {
                text.append(c);
                continue;
            }
            char escape = raw.charAt(i++);
            switch (escape) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> i = unescapeUnit(raw, i, text);
                default -> text.append(escape);
            }
        }
        return text.toString();
    }

    /** Appends the UTF-16 unit of the four hex digits at {@code i}, and returns the position after them. */
    private static int unescapeUnit(String raw, int i, StringBuilder text) {
        int unit = 0;
        for (int at = i; at < i + 4; at++) {
            int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
            if (digit < 0) {
                text.append("\\u");
                return i;
            }
            unit = (unit << 4) | digit;
        }
        text.append((char) unit);
        return i + 4;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** The high bit of each byte that is zero, up to and including the first; those above it may be wrong. */
    private static long zeroBytes(long word) {
        return (word - ONES) & ~word & HIGHS;
    }
}
