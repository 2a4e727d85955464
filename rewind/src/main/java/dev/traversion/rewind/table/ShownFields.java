/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of an object that its row shows. A tree of these alone costs a third of a whole one: most of a pod is environment,
 * mounts and volumes, and is stepped over.
 *
 * <p>Reads JSON without white space, as API servers write it; anything else is left to Jackson, and read as a whole.
 */
final class ShownFields {

    /** Every field. */
    static final ShownFields ALL = new ShownFields(Map.of());

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String[] names;
    private final byte[][] bytes;
    private final ShownFields[] below;

    private ShownFields(Map<String, ShownFields> fields) {
        names = fields.keySet().toArray(new String[0]);
        below = fields.values().toArray(new ShownFields[0]);
        bytes = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            bytes[i] = names[i].getBytes(StandardCharsets.UTF_8);
        }
    }

    /** @param paths such as {@code spec.containers.name}: a path goes through every element of a list */
    static ShownFields of(String... paths) {
        Map<String, ShownFields> fields = new LinkedHashMap<>();
        for (String path : paths) {
            String name = path.substring(0, path.indexOf('.') < 0 ? path.length() : path.indexOf('.'));
            if (!fields.containsKey(name)) {
                String[] rests = Arrays.stream(paths)
                        .filter(other -> other.startsWith(name + "."))
                        .map(other -> other.substring(name.length() + 1))
                        .toArray(String[]::new);
                fields.put(name, rests.length == 0 ? ALL : of(rests));
            }
        }
        return new ShownFields(fields);
    }

    /** The tree of these fields, and perhaps more of them. */
    JsonNode read(byte[] json, int length) throws IOException {
        if (this == ALL) {
            return MAPPER.readTree(json, 0, length);
        }
        try {
            return new Reader(json, length).value(this);
        } catch (Unexpected e) {
            return MAPPER.readTree(json, 0, length);
        }
    }

    private int find(byte[] json, int from, int to) {
        for (int i = 0; i < bytes.length; i++) {
            if (Arrays.equals(bytes[i], 0, bytes[i].length, json, from, to)) {
                return i;
            }
        }
        return -1;
    }

    /** JSON in another form than API servers write. */
    private static final class Unexpected extends Exception {
        private static final long serialVersionUID = 1;

        Unexpected() {
            super("not compact JSON", null, false, false);
        }
    }

    private static final class Reader {
        private final byte[] json;
        private final int end;
        private int at;

        Reader(byte[] json, int end) {
            this.json = json;
            this.end = end;
        }

        JsonNode value(ShownFields fields) throws Unexpected, IOException {
            return switch (peek()) {
                case '{' -> object(fields);
                case '[' -> array(fields);
                default -> scalar();
            };
        }

        private byte peek() throws Unexpected {
            if (at >= end) {
                throw new Unexpected();
            }
            return json[at];
        }

        private void take(char expected) throws Unexpected {
            if (peek() != expected) {
                throw new Unexpected();
            }
            at++;
        }

        private JsonNode object(ShownFields fields) throws Unexpected, IOException {
            ObjectNode node = NODES.objectNode();
            take('{');
            if (peek() == '}') {
                at++;
                return node;
            }
            while (true) {
                int start = at + 1;
                skipString();
                int nameEnd = at - 1;
                take(':');
                if (fields == ALL) {
                    node.set(text(start, nameEnd), value(ALL));
                } else {
                    int index = fields.find(json, start, nameEnd);
                    if (index < 0) {
                        skip();
                    } else {
                        node.set(fields.names[index], value(fields.below[index]));
                    }
                }
                if (peek() == '}') {
                    at++;
                    return node;
                }
                take(',');
            }
        }

        private JsonNode array(ShownFields fields) throws Unexpected, IOException {
            ArrayNode node = NODES.arrayNode();
            take('[');
            if (peek() == ']') {
                at++;
                return node;
            }
            while (true) {
                node.add(value(fields));
                if (peek() == ']') {
                    at++;
                    return node;
                }
                take(',');
            }
        }

        private JsonNode scalar() throws Unexpected, IOException {
            int start = at;
            skip();
            return switch (json[start]) {
                case '"' -> NODES.textNode(text(start + 1, at - 1));
                case 't' -> NODES.booleanNode(true);
                case 'f' -> NODES.booleanNode(false);
                case 'n' -> NODES.nullNode();
                default -> MAPPER.readTree(json, start, at - start);
            };
        }

        /** The text between two quotes. */
        private String text(int from, int to) throws IOException {
            for (int i = from; i < to; i++) {
                if (json[i] == '\\') {
                    return MAPPER.readTree(json, from - 1, to - from + 2).textValue();
                }
            }
            return new String(json, from, to - from, StandardCharsets.UTF_8);
        }

        private void skip() throws Unexpected {
            int depth = 0;
            do {
                switch (peek()) {
                    case '"' -> skipString();
                    case '{', '[' -> {
                        depth++;
                        at++;
                    }
                    case '}', ']' -> {
                        depth--;
                        at++;
                    }
                    case ',', ':' -> at++;
                    default -> skipLiteral();
                }
            } while (depth > 0);
        }

        private void skipString() throws Unexpected {
            take('"');
            while (at < end) {
                byte b = json[at++];
                if (b == '"') {
                    return;
                }
                if (b == '\\') {
                    at++;
                }
            }
            throw new Unexpected();
        }

        private void skipLiteral() throws Unexpected {
            int start = at;
            while (at < end
                    && (Character.isLetterOrDigit(json[at]) || json[at] == '-' || json[at] == '+' || json[at] == '.')) {
                at++;
            }
            if (at == start) {
                throw new Unexpected();
            }
        }
    }
}
