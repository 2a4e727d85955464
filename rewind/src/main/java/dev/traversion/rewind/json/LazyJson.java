/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A tree over compact JSON in which a node comes into being when it is looked at. A Table looks at a few dozen values of objects of
 * many kilobytes: one pass finds where containers end, and all else is done for what is asked.
 *
 * <p>The tree reads the bytes it was made of, and is good until they change or {@link #read} is called again. Not for several threads.
 */
public final class LazyJson {

    private byte[] json = {};

    /** By the offset at which a container starts, the offset after it. */
    private int[] ends = {};

    private int[] open = new int[64];

    /** The tree of the document in these bytes. */
    public JsonNode read(byte[] bytes, int length) {
        json = bytes;
        if (ends.length < length) {
            ends = new int[bytes.length];
        }
        int depth = 0;
        int at = 0;
        while (at < length) {
            switch (bytes[at]) {
                case '"' -> at = JsonScanner.endOfString(bytes, at);
                case '{', '[' -> {
                    if (depth == open.length) {
                        open = Arrays.copyOf(open, depth * 2);
                    }
                    open[depth++] = at++;
                }
                case '}', ']' -> ends[open[--depth]] = ++at;
                default -> at++;
            }
        }
        return node(0);
    }

    private int end(int start) {
        return switch (json[start]) {
            case '{', '[' -> ends[start];
            default -> JsonScanner.end(json, start);
        };
    }

    private JsonNode node(int start) {
        return switch (json[start]) {
            case '{' -> new ObjectNode(JsonNodeFactory.instance, new Members(start));
            case '[' -> new ArrayNode(JsonNodeFactory.instance, new Elements(start));
            case '"' -> TextNode.valueOf(JsonScanner.text(json, start));
            case 't' -> JsonNodeFactory.instance.booleanNode(true);
            case 'f' -> JsonNodeFactory.instance.booleanNode(false);
            case 'n' -> JsonNodeFactory.instance.nullNode();
            default -> number(JsonScanner.text(json, start));
        };
    }

    private static JsonNode number(String text) {
        if (text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            return DoubleNode.valueOf(Double.parseDouble(text));
        }
        if (text.length() > 18) {
            return BigIntegerNode.valueOf(new BigInteger(text));
        }
        long value = Long.parseLong(text);
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    private final class Members extends AbstractMap<String, JsonNode> {

        private final int start;
        private int size = -1;

        /** The offsets of the opening quote of each name, and of each value. */
        private int[] offsets;

        private JsonNode[] nodes;

        Members(int start) {
            this.start = start;
        }

        private void scan() {
            if (size >= 0) {
                return;
            }
            size = 0;
            offsets = new int[24];
            int at = start + 1;
            while (json[at] != '}') {
                if (json[at] == ',') {
                    at++;
                }
                if (size * 2 == offsets.length) {
                    offsets = Arrays.copyOf(offsets, size * 4);
                }
                offsets[size * 2] = at;
                int value = JsonScanner.endOfString(json, at) + 1;
                offsets[size * 2 + 1] = value;
                size++;
                at = end(value);
            }
            nodes = new JsonNode[size];
        }

        @Override
        public JsonNode get(Object key) {
            scan();
            String name = (String) key;
            for (int i = 0; i < size; i++) {
                if (isNamed(i, name)) {
                    return value(i);
                }
            }
            return null;
        }

        private boolean isNamed(int member, String name) {
            int from = offsets[member * 2] + 1;
            int length = offsets[member * 2 + 1] - 2 - from;
            int i = 0;
            while (i < length && i < name.length() && json[from + i] == name.charAt(i) && json[from + i] != '\\') {
                i++;
            }
            if (i == length && i == name.length()) {
                return true;
            }
            // Escapes and other alphabets are rare in names, and compared as text.
            return i < length
                    && (json[from + i] == '\\' || json[from + i] < 0)
                    && JsonScanner.text(json, from - 1).equals(name);
        }

        private JsonNode value(int member) {
            if (nodes[member] == null) {
                nodes[member] = node(offsets[member * 2 + 1]);
            }
            return nodes[member];
        }

        @Override
        public boolean containsKey(Object key) {
            return get(key) != null;
        }

        @Override
        public int size() {
            scan();
            return size;
        }

        @Override
        public Set<Map.Entry<String, JsonNode>> entrySet() {
            scan();
            Map<String, JsonNode> members = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                members.put(JsonScanner.text(json, offsets[i * 2]), value(i));
            }
            return members.entrySet();
        }
    }

    private final class Elements extends AbstractList<JsonNode> {

        private final int start;
        private int size = -1;
        private int[] starts;
        private JsonNode[] nodes;

        Elements(int start) {
            this.start = start;
        }

        private void scan() {
            if (size >= 0) {
                return;
            }
            size = 0;
            starts = new int[8];
            int at = start + 1;
            while (json[at] != ']') {
                if (json[at] == ',') {
                    at++;
                }
                if (size == starts.length) {
                    starts = Arrays.copyOf(starts, size * 2);
                }
                starts[size++] = at;
                at = end(at);
            }
            nodes = new JsonNode[size];
        }

        @Override
        public JsonNode get(int index) {
            scan();
            if (nodes[index] == null) {
                nodes[index] = node(starts[index]);
            }
            return nodes[index];
        }

        @Override
        public int size() {
            scan();
            return size;
        }
    }
}
