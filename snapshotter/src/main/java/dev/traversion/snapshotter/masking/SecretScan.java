/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.masking;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the secret texts of one body, and what stands in their place. For one body. */
final class SecretScan {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int DEEPEST = 4;
    private static final ThreadLocal<Map<String, Boolean>> SECRET_FIELDS = ThreadLocal.withInitial(HashMap::new);
    private static final int MOST_REMEMBERED = 4_096;

    private final MaskingRules rules;
    private final MaskingKey key;
    private final ResourceType type;
    private final int depth;
    private final List<Edit> edits = new ArrayList<>();
    private final StringBuilder path = new StringBuilder();

    /**
     * @param start of what is replaced, in bytes
     * @param end exclusive
     * @param json what stands there instead
     */
    record Edit(int start, int end, String json) {}

    SecretScan(MaskingRules rules, MaskingKey key, ResourceType type) {
        this(rules, key, type, 0);
    }

    private SecretScan(MaskingRules rules, MaskingKey key, ResourceType type, int depth) {
        this.rules = rules;
        this.key = key;
        this.type = type;
        this.depth = depth;
    }

    /** The edits, by position. */
    List<Edit> scan(byte[] body) throws IOException {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object(parser, false);
            }
        }
        return edits;
    }

    /** @param env whether the object is an entry of a list of environment variables */
    private void object(JsonParser parser, boolean env) throws IOException {
        String envName = "";
        int length = path.length();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (length > 0) {
                path.append('.');
            }
            path.append(name);
            if (isNever()) {
                parser.skipChildren();
            } else if (value == JsonToken.VALUE_STRING) {
                if (env && name.equals("name")) {
                    envName = parser.getText();
                } else if (env && name.equals("value") && rules.isSecretEnv(envName)) {
                    mask(parser, path + "[" + envName + "]", false);
                } else {
                    text(parser, name);
                }
            } else if (value == JsonToken.START_OBJECT) {
                object(parser, false);
            } else if (value == JsonToken.START_ARRAY) {
                array(parser, name);
            }
            path.setLength(length);
        }
    }

    private void array(JsonParser parser, String name) throws IOException {
        boolean env = name.equals("env");
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                object(parser, env);
            } else if (token == JsonToken.START_ARRAY) {
                array(parser, name);
            } else if (token == JsonToken.VALUE_STRING) {
                text(parser, name);
            }
        }
    }

    private void text(JsonParser parser, String name) throws IOException {
        MaskingRules.WholeObject whole = rules.wholeObjects().get(type);
        if (whole != null && isIn(whole.base64())) {
            mask(parser, path.toString(), true);
        } else if ((whole != null && isIn(whole.plain())) || isSecretField(name)) {
            mask(parser, path.toString(), false);
        } else if (depth < DEEPEST && startsLikeJson(parser)) {
            nested(parser);
        }
    }

    private boolean isSecretField(String name) {
        Map<String, Boolean> remembered = SECRET_FIELDS.get();
        if (remembered.size() > MOST_REMEMBERED) {
            remembered.clear();
        }
        return remembered.computeIfAbsent(name, rules::isSecretField);
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

    private static boolean startsLikeJson(JsonParser parser) throws IOException {
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int length = parser.getTextLength();
        return length > 2 && text[from] == '{';
    }

    /** A JSON object inside a string, such as the last applied configuration, is searched like one. */
    private void nested(JsonParser parser) throws IOException {
        byte[] inner = parser.getText().getBytes(StandardCharsets.UTF_8);
        List<Edit> found;
        try {
            found = new SecretScan(rules, key, type, depth + 1).scan(inner);
        } catch (IOException e) {
            // It only looked like JSON.
            return;
        }
        if (!found.isEmpty()) {
            replace(parser, new String(Masking.edit(inner, found), StandardCharsets.UTF_8));
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
