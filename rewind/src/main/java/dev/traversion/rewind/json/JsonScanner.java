/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds values in compact JSON (no white space between tokens, as API servers write it) without building a tree. Offsets are into
 * the given bytes; a value starts at its first byte and ends after its last.
 *
 * <p>Input is trusted to be well formed: it came from an API server and was checked when it was recorded. Malformed input ends in
 * an {@link IndexOutOfBoundsException}, never in an endless loop.
 */
public final class JsonScanner {

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long QUOTES = LOW_BITS * '"';
    private static final long BACKSLASHES = LOW_BITS * '\\';

    private JsonScanner() {}

    /** The offset after the value that starts at {@code start}. */
    public static int end(byte[] json, int start) {
        return switch (json[start]) {
            case '"' -> endOfString(json, start);
            case '{', '[' -> endOfContainer(json, start);
            default -> endOfLiteral(json, start);
        };
    }

    private static int endOfContainer(byte[] json, int start) {
        int depth = 0;
        int at = start;
        while (true) {
            switch (json[at]) {
                case '"' -> at = endOfString(json, at);
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
    }

    static int endOfString(byte[] json, int start) {
        int at = quoteOrBackslash(json, start + 1);
        while (json[at] != '"') {
            at = quoteOrBackslash(json, at + 2);
        }
        return at + 1;
    }

    /** Eight bytes at a time, since strings are most of what is looked through. */
    private static int quoteOrBackslash(byte[] json, int start) {
        int at = start;
        for (; at <= json.length - Long.BYTES; at += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(json, at);
            long found = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES);
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (json[at] != '"' && json[at] != '\\') {
            at++;
        }
        return at;
    }

    /** The highest bit of each byte that is 0; above the lowest of them others may be set, too. */
    private static long zeros(long eight) {
        return (eight - LOW_BITS) & ~eight & (LOW_BITS << 7);
    }

    private static int endOfLiteral(byte[] json, int start) {
        int at = start;
        while (at < json.length) {
            switch (json[at]) {
                case ',', '}', ']', '\n' -> {
                    return at;
                }
                default -> at++;
            }
        }
        return at;
    }

    /** The start of the value of a member of the object that starts at {@code object}; -1 if there is none, or it is no object. */
    public static int member(byte[] json, int object, byte[] name) {
        Members members = new Members(json, object);
        while (members.next()) {
            if (members.isNamed(name)) {
                return members.valueStart();
            }
        }
        return -1;
    }

    /** The start of the value at a path of members from {@code object}; -1 if there is none. */
    public static int find(byte[] json, int object, byte[]... path) {
        int at = object;
        for (byte[] name : path) {
            at = member(json, at, name);
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }

    /** The bytes of member names, for {@link #find}. */
    public static byte[][] path(String... names) {
        byte[][] path = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            path[i] = names[i].getBytes(StandardCharsets.UTF_8);
        }
        return path;
    }

    /** The text of the string, or the spelling of any other value, that starts at {@code start}. */
    public static String text(byte[] json, int start) {
        int end = end(json, start);
        if (json[start] != '"') {
            return new String(json, start, end - start, StandardCharsets.UTF_8);
        }
        for (int i = start + 1; i < end - 1; i++) {
            if (json[i] == '\\') {
                return unescape(new String(json, start + 1, end - start - 2, StandardCharsets.UTF_8));
            }
        }
        return new String(json, start + 1, end - start - 2, StandardCharsets.UTF_8);
    }

    private static String unescape(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        int at = 0;
        while (at < escaped.length()) {
            char c = escaped.charAt(at++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = escaped.charAt(at++);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'u' -> {
                    text.append((char) Integer.parseInt(escaped.substring(at, at + 4), 16));
                    at += 4;
                }
                default -> text.append(escape);
            }
        }
        return text.toString();
    }

    /** Steps through the members of an object. */
    public static final class Members {

        private final byte[] json;
        private int next;
        private int nameStart;
        private int nameEnd;
        private int valueStart;
        private int valueEnd;

        /** @param object start of the object; of anything else there are no members */
        public Members(byte[] json, int object) {
            this.json = json;
            this.next = json[object] == '{' && json[object + 1] != '}' ? object + 1 : -1;
        }

        public boolean next() {
            if (valueStart > 0) {
                valueEnd = valueEnd > 0 ? valueEnd : end(json, valueStart);
                next = json[valueEnd] == ',' ? valueEnd + 1 : -1;
            }
            if (next < 0) {
                return false;
            }
            nameStart = next + 1;
            nameEnd = endOfString(json, next) - 1;
            valueStart = nameEnd + 2;
            valueEnd = 0;
            return true;
        }

        /** The rest of the current value, an object, as far as its members were gone through, is not looked through again. */
        public void skip(Members value) {
            boolean isMore = value.next();
            while (isMore) {
                isMore = value.next();
            }
            valueEnd = value.valueStart > 0 ? value.valueEnd + 1 : end(json, valueStart);
        }

        public boolean isNamed(byte[] name) {
            return Arrays.equals(json, nameStart, nameEnd, name, 0, name.length);
        }

        public String name() {
            return text(json, nameStart - 1);
        }

        /** The start of the name's opening quote. */
        public int start() {
            return nameStart - 1;
        }

        public int valueStart() {
            return valueStart;
        }
    }

    /** Steps through the elements of an array. */
    public static final class Elements {

        private final byte[] json;
        private int next;
        private int start = -1;

        /** @param array start of the array; of anything else there are no elements */
        public Elements(byte[] json, int array) {
            this.json = json;
            this.next = json[array] == '[' && json[array + 1] != ']' ? array + 1 : -1;
        }

        public boolean next() {
            if (start >= 0) {
                int end = end(json, start);
                next = json[end] == ',' ? end + 1 : -1;
            }
            if (next < 0) {
                return false;
            }
            start = next;
            return true;
        }

        public int start() {
            return start;
        }
    }
}
