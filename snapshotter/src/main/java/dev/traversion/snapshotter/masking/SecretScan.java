/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.masking;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.api.ObjectJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;

/** Finds the secret texts of one body, and what stands in their place. For one body. */
final class SecretScan {

    private static final System.Logger LOG = System.getLogger(SecretScan.class.getName());
    private static final int DEEPEST = 16;

    private final MaskingRules rules;
    private final SecretNames names;
    private final MaskingKey key;
    private final ResourceType type;
    private final byte[] body;
    private final int depth;
    private final List<Edit> edits = new ArrayList<>();
    private final StringBuilder path = new StringBuilder();

    /**
     * @param start of what is replaced, in bytes
     * @param end exclusive
     * @param json what stands there instead
     */
    record Edit(int start, int end, String json) {}

    SecretScan(MaskingRules rules, SecretNames names, MaskingKey key, ResourceType type, byte[] body) {
        this(rules, names, key, type, body, 0);
    }

    private SecretScan(
            MaskingRules rules, SecretNames names, MaskingKey key, ResourceType type, byte[] body, int depth) {
        this.rules = rules;
        this.names = names;
        this.key = key;
        this.type = type;
        this.body = body;
        this.depth = depth;
    }

    /** An object or a list whose end has not come. */
    private static final class Open {
        private final boolean isList;
        /** Of a list: the field it stands in. Of an object: that of the list it is in. */
        private final String name;
        /** Of the path to it. */
        private final int length;

        private String envName;
        private EarlyValue early;

        private Open(boolean isList, String name, int length) {
            this.isList = isList;
            this.name = name;
            this.length = length;
        }

        /** Whether it is an entry of a list of environment variables. */
        private boolean isEnv() {
            return !isList && name.equals("env");
        }
    }

    /** The edits, by position. Does not recurse: objects may be nested deeper than there is stack. */
    List<Edit> scan() throws IOException {
        Deque<Open> open = new ArrayDeque<>();
        try (JsonParser parser = ObjectJson.FACTORY.createParser(body)) {
            // One value, or several in a row as in a log of JSON lines.
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                Open around = open.peek();
                if (token == JsonToken.FIELD_NAME) {
                    if (!enter(parser, around)) {
                        parser.nextToken();
                        parser.skipChildren();
                    }
                } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                    close(open.pop());
                } else if (token == JsonToken.START_ARRAY) {
                    open.push(new Open(true, name(parser, around), length(around)));
                } else if (token == JsonToken.START_OBJECT) {
                    String list = around != null && around.isList ? around.name : "";
                    open.push(new Open(false, list, length(around)));
                } else if (token == JsonToken.VALUE_STRING && around != null) {
                    value(parser, around);
                }
            }
        }
        return edits;
    }

    /** Moves the path to a field; false if what is below it is not searched. */
    private boolean enter(JsonParser parser, Open object) throws IOException {
        path.setLength(object.length);
        if (object.length > 0) {
            path.append('.');
        }
        path.append(parser.currentName());
        return !isNever();
    }

    /** The field in which a value stands, directly or in a list. */
    private static String name(JsonParser parser, Open around) throws IOException {
        if (around == null) {
            return "";
        }
        return around.isList ? around.name : parser.currentName();
    }

    /** The length of the path to what begins. */
    private int length(Open around) {
        if (around != null && around.isList) {
            path.setLength(around.length);
        }
        return around == null ? 0 : path.length();
    }

    private void value(JsonParser parser, Open around) throws IOException {
        length(around);
        String name = name(parser, around);
        if (around.isEnv() && name.equals("name")) {
            around.envName = parser.getText();
        } else if (around.isEnv() && name.equals("value") && around.envName == null) {
            around.early = earlyValue(parser);
        } else if (around.isEnv() && name.equals("value") && names.isSecretEnv(around.envName)) {
            mask(parser, path + "[" + around.envName + "]", false);
        } else {
            text(parser, name);
        }
    }

    private void close(Open ended) {
        EarlyValue early = ended.early;
        if (early != null && ended.envName != null && names.isSecretEnv(ended.envName)) {
            edits.subList(early.from, early.to).clear();
            String field = early.path + "[" + ended.envName + "]";
            edits.add(early.from, new Edit(early.start, early.end, quote(key.token(field, early.text))));
        }
    }

    /**
     * The value of an environment variable whose name comes after it.
     *
     * @param start of the value, in bytes
     * @param from the first edit inside the value
     */
    private record EarlyValue(String path, String text, int start, int end, int from, int to) {}

    private EarlyValue earlyValue(JsonParser parser) throws IOException {
        String text = parser.getText();
        int start = (int) parser.currentTokenLocation().getByteOffset();
        int end = (int) parser.currentLocation().getByteOffset();
        int from = edits.size();
        text(parser, "value");
        return text.isEmpty() ? null : new EarlyValue(path.toString(), text, start, end, from, edits.size());
    }

    private void text(JsonParser parser, String name) throws IOException {
        MaskingRules.WholeObject whole = rules.wholeObjects().get(type);
        if (whole != null && isIn(whole.base64())) {
            mask(parser, path.toString(), true);
        } else if ((whole != null && isIn(whole.plain())) || names.isSecretField(name)) {
            mask(parser, path.toString(), false);
        } else if (depth < DEEPEST && startsLikeJson(parser)) {
            nested(parser);
        }
    }

    private boolean isIn(String field) {
        return path.length() > field.length() + 1 && path.charAt(field.length()) == '.' && path.indexOf(field) == 0;
    }

    private boolean isNever() {
        for (String never : rules.never()) {
            if (path.length() == never.length() && never.contentEquals(path)) {
                return true;
            }
        }
        return false;
    }

    private void mask(JsonParser parser, String field, boolean base64) throws IOException {
        String value = parser.getText();
        if (value.isEmpty()) {
            return;
        }
        String token = key.token(field, value);
        String text = base64 ? Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)) : token;
        replace(parser, text);
    }

    /** Looks at the bytes: to decode every string would cost more than all the rest. */
    private boolean startsLikeJson(JsonParser parser) {
        int first = skipSpace((int) parser.currentTokenLocation().getByteOffset() + 1);
        char begin = charAt(first);
        if (begin == '[') {
            char inner = charAt(skipSpace(first + 1));
            return inner == '{' || inner == '[';
        }
        // Whoever wrote it may have escaped even that.
        return begin == '{' || (begin == '\\' && charAt(first + 1) == 'u');
    }

    private int skipSpace(int from) {
        int at = from;
        while (true) {
            if (charAt(at) == ' ') {
                at++;
            } else if (charAt(at) == '\\' && "nrt".indexOf(charAt(at + 1)) >= 0) {
                at += 2;
            } else {
                return at;
            }
        }
    }

    private char charAt(int at) {
        return at < body.length ? (char) body[at] : 0;
    }

    /** JSON inside a string, such as the last applied configuration, is searched like the body. */
    private void nested(JsonParser parser) throws IOException {
        byte[] inner = parser.getText().getBytes(StandardCharsets.UTF_8);
        SecretScan scan = new SecretScan(rules, names, key, type, inner, depth + 1);
        try {
            scan.scan();
        } catch (IOException e) {
            // It only looked like JSON, or stops being JSON somewhere: what was found before is secret all the same.
            LOG.log(System.Logger.Level.TRACE, "a text that begins like JSON", e);
        }
        if (!scan.edits.isEmpty()) {
            replace(parser, new String(Masking.edit(inner, scan.edits), StandardCharsets.UTF_8));
        }
    }

    private void replace(JsonParser parser, String text) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        edits.add(new Edit(start, end, quote(text)));
    }

    /** Quotes as the API server does: also what HTML would mind. */
    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> {
                    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
