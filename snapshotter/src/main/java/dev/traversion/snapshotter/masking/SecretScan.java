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
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final MaskingRules rules;
    private final SecretNames names;
    private final MaskingKey key;
    private final ResourceType type;
    private final byte[] body;
    private final int depth;
    private final boolean isSchema;
    /** Whether all below a field named like a secret is secret. */
    private final boolean isSecretBelow;

    private final List<Edit> edits = new ArrayList<>();
    private final StringBuilder path = new StringBuilder();

    /**
     * @param start of what is replaced, in bytes
     * @param end exclusive
     * @param json what stands there instead
     */
    record Edit(int start, int end, String json) {}

    SecretScan(MaskingRules rules, SecretNames names, MaskingKey key, ResourceType type, byte[] body) {
        this(rules, names, key, type, body, 0, rules.isSecretBelow(type));
    }

    private SecretScan(
            MaskingRules rules,
            SecretNames names,
            MaskingKey key,
            ResourceType type,
            byte[] body,
            int depth,
            boolean isSecretBelow) {
        this.rules = rules;
        this.names = names;
        this.key = key;
        this.type = type;
        this.body = body;
        this.depth = depth;
        this.isSchema = rules.schemas().contains(type);
        this.isSecretBelow = isSecretBelow;
    }

    /** An object or a list whose end has not come. */
    private static final class Open {
        private final boolean isList;
        /** Of a list: the field it stands in. Of an object: that of the list it is in. */
        private final String name;
        /** Of the path to it. */
        private final int length;
        /** How many objects it is in, itself one of them. */
        private final int level;
        /** Whether all in it is secret but what describes it. */
        private final boolean isSecret;

        private String envName;
        private EarlyValue early;

        private Open(boolean isList, String name, int length, int level, boolean isSecret) {
            this.isList = isList;
            this.name = name;
            this.length = length;
            this.level = level;
            this.isSecret = isSecret;
        }

        /** Whether it is an entry of a list of environment variables. */
        private boolean isEnv() {
            return !isList && name.equals("env");
        }
    }

    /** The edits, by position. Does not recurse: objects may be nested deeper than there is stack. */
    List<Edit> scan() throws IOException {
        Deque<Open> open = new ArrayDeque<>();
        try (JsonParser parser = ObjectJson.parser(body)) {
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
                } else if (token == JsonToken.START_ARRAY || token == JsonToken.START_OBJECT) {
                    open.push(open(parser, around, token == JsonToken.START_ARRAY));
                } else if (token == JsonToken.VALUE_STRING && around != null) {
                    value(parser, around);
                } else if (token.isNumeric() && around != null) {
                    number(parser, around);
                }
            }
        }
        return edits;
    }

    private Open open(JsonParser parser, Open around, boolean isList) throws IOException {
        String name = name(parser, around);
        int length = length(around);
        int level = (around == null ? 0 : around.level) + (isList ? 0 : 1);
        boolean isSecret =
                isSecretBelow && around != null && (around.isSecret || names.isSecretField(name)) && !isDescribed(name);
        boolean isInList = around != null && around.isList;
        return new Open(isList, isList || isInList ? name : "", length, level, isSecret);
    }

    /** Whether the field says only what, or where, a secret is. */
    private boolean isDescribed(String name) {
        return rules.isReference(name) || rules.isDescription(path.toString());
    }

    /** Moves the path to a field; false if what is below it is not searched. */
    private boolean enter(JsonParser parser, Open object) throws IOException {
        path.setLength(object.length);
        if (object.length > 0) {
            path.append('.');
        }
        path.append(parser.currentName());
        return !isNever(object.level);
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
        } else if (around.isSecret && !isDescribed(name)) {
            mask(parser, path.toString(), false);
        } else {
            text(parser, name);
        }
    }

    private void number(JsonParser parser, Open around) throws IOException {
        length(around);
        String name = name(parser, around);
        if (names.isSecretNumber(name)) {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            String number = parser.getText();
            String masked = key.number(path.toString(), number);
            if (!masked.equals(number)) {
                edits.add(new Edit(start, start + number.length(), masked));
            }
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
            nested(parser, name);
        } else if (mayHaveLines(parser)) {
            lines(parser, parser.getText());
        }
    }

    private boolean isIn(String field) {
        return path.length() > field.length() && path.charAt(field.length()) == '.' && path.indexOf(field) == 0;
    }

    private boolean isNever(int level) {
        for (String never : rules.never()) {
            // a name may have dots in it
            if (path.length() == never.length()
                    && never.contentEquals(path)
                    && never.chars().filter(c -> c == '.').count() == level - 1) {
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

    /** Looks at the bytes, too: whether there is more than one line, or {@code name=value}. */
    private boolean mayHaveLines(JsonParser parser) {
        if (isSchema) {
            return false;
        }
        int at = (int) parser.currentTokenLocation().getByteOffset() + 1;
        while (at < body.length && body[at] != '"') {
            if (body[at] == '=') {
                return true;
            }
            if (body[at] == '\\') {
                at++;
                if (charAt(at) == 'n' || charAt(at) == 'u') {
                    return true;
                }
            }
            at++;
        }
        return false;
    }

    private void lines(JsonParser parser, String text) throws IOException {
        String masked = new SecretLines(rules, names, key, path.toString()).mask(text);
        if (masked != null) {
            replace(parser, masked);
        }
    }

    /** JSON inside a string, such as the last applied configuration, is searched like the body. */
    private void nested(JsonParser parser, String name) throws IOException {
        String text = parser.getText();
        byte[] inner = text.getBytes(StandardCharsets.UTF_8);
        boolean below = isSecretBelow || (!isSchema && !name.equals(LAST_APPLIED));
        SecretScan scan = new SecretScan(rules, names, key, type, inner, depth + 1, below);
        boolean isJson = true;
        try {
            scan.scan();
        } catch (IOException e) {
            // It only looked like JSON, or stops being JSON somewhere: what was found before is secret all the same.
            LOG.log(System.Logger.Level.TRACE, "a text that begins like JSON", e);
            isJson = false;
        }
        String masked =
                scan.edits.isEmpty() ? text : new String(Masking.edit(inner, scan.edits), StandardCharsets.UTF_8);
        String searched = isJson || isSchema ? null : new SecretLines(rules, names, key, path.toString()).mask(masked);
        if (searched != null || !scan.edits.isEmpty()) {
            replace(parser, searched != null ? searched : masked);
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
