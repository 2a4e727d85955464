/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.json.ObjectJson;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Finds the secret texts of one body, and what stands in their place. For one body. */
final class SecretScan {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /** Fields of a schema that hold values. */
    private static final Set<String> VALUES_OF_SCHEMAS = Set.of("default", "example", "examples", "enum");

    /** Below a secret, shorter numbers are ports, counts and the like. */
    private static final int SHORTEST_NUMBER = 4;

    private final SecretTexts texts;
    private final MaskingRules rules;
    private final SecretNames names;
    private final Tokens tokens;
    private final ResourceType type;
    private final byte[] body;
    private final Start start;

    private final List<Edit> edits = new ArrayList<>();
    private final StringBuilder path = new StringBuilder();

    /**
     * Where a body stands.
     *
     * @param path of the field it is in; {@code ""} for an object
     * @param depth how many texts it is in
     * @param isSecretBelow whether all below a field named like a secret is secret
     * @param isSecret whether all in it is secret but what describes it
     * @param name of the field it is in, if it is a list; else {@code ""}
     */
    record Start(String path, int depth, boolean isSecretBelow, boolean isSecret, FieldPaths.Place place, String name) {

        static Start ofObject(MaskingRules rules, ResourceType type) {
            return new Start(
                    "", 0, rules.isSecretBelow(type), false, rules.fields().root(type), "");
        }

        static Start inText(String path, int depth, boolean isSecretBelow, FieldPaths.Place place) {
            return new Start(path, depth, isSecretBelow, false, place, "");
        }

        /** Of a text that stood there in base64. */
        Start deeper() {
            return new Start(path, depth + 1, isSecretBelow, isSecret, place, name);
        }
    }

    SecretScan(SecretTexts texts, byte[] body, Start start) {
        this.texts = texts;
        this.rules = texts.masking().rules();
        this.names = texts.masking().names();
        this.tokens = texts.tokens();
        this.type = texts.type();
        this.body = body;
        this.start = start;
        path.append(start.depth() == 0 ? start.path() : "");
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

        private final FieldPaths.Place place;

        private String envName;
        private EarlyValue early;
        /** Of a list: the flag that the text before was, if the next one is its secret; else null. */
        private String flag;

        private Open(boolean isList, String name, int length, int level, boolean isSecret, FieldPaths.Place place) {
            this.isList = isList;
            this.name = name;
            this.length = length;
            this.level = level;
            this.isSecret = isSecret;
            this.place = place;
        }
    }

    List<Edit> edits() {
        return edits;
    }

    /** The edits, by position. Does not recurse: objects may be nested deeper than there is stack. */
    List<Edit> scan() throws IOException {
        Deque<Open> open = new ArrayDeque<>();
        try (JsonParser parser = ObjectJson.parser(body)) {
            // One value, or several in a row as in a log of JSON lines.
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                Open around = open.peek();
                if (token == JsonToken.FIELD_NAME) {
                    enter(parser, around);
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
        String name = around == null ? start.name() : name(parser, around);
        int length = length(around);
        int level = (around == null ? 0 : around.level) + (isList ? 0 : 1);
        boolean isSecret = around == null
                ? start.isSecret()
                : start.isSecretBelow() && (around.isSecret || names.isSecretField(name)) && !isDescribed(name);
        boolean isInList = around != null && around.isList;
        FieldPaths.Place place = around == null ? start.place() : place(parser, around);
        return new Open(isList, isList || isInList ? name : "", length, level, isSecret, place);
    }

    /** Whether the field says only what, or where, a secret is. */
    private boolean isDescribed(String name) {
        return rules.isReference(name) || rules.isDescription(path.toString());
    }

    private static FieldPaths.Place place(JsonParser parser, Open around) throws IOException {
        return around.isList ? around.place : around.place.enter(parser.currentName());
    }

    /** Moves the path to a field. What is in it is passed over if it identifies the object. */
    private void enter(JsonParser parser, Open object) throws IOException {
        path.setLength(object.length);
        if (object.length > 0) {
            path.append('.');
        }
        path.append(parser.currentName());
        if (start.depth() > 0 || object.level > 2) {
            return;
        }
        if (isOneOf(rules.never(), object.level)) {
            parser.nextToken();
            parser.skipChildren();
        } else if (isOneOf(rules.labels(), object.level)) {
            labels(parser);
        } else if (is(rules.managedFields(), object.level)) {
            new ManagedFields(texts, body, edits).scan(parser);
        }
    }

    private boolean isOneOf(List<String> paths, int level) {
        for (String each : paths) {
            if (is(each, level)) {
                return true;
            }
        }
        return false;
    }

    private boolean is(String other, int level) {
        // a name may have dots in it
        return path.length() == other.length()
                && other.contentEquals(path)
                && other.chars().filter(c -> c == '.').count() == level - 1;
    }

    private void labels(JsonParser parser) throws IOException {
        int depth = 0;
        do {
            JsonToken token = parser.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_STRING) {
                replace(parser, texts.maskLabel(parser.getText()));
            }
        } while (depth > 0);
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
        return path.length();
    }

    private void value(JsonParser parser, Open around) throws IOException {
        length(around);
        String name = name(parser, around);
        String flag = around.flag;
        around.flag = null;
        boolean isPair = !around.isList && rules.pairs().contains(around.name);
        if (isPair && name.equals("name")) {
            around.envName = parser.getText();
        } else if (place(parser, around).isSecret()) {
            mask(parser, path.toString(), name);
        } else if (isPair && name.equals("value") && around.envName == null) {
            around.early = earlyValue(parser);
        } else if (isPair && name.equals("value") && names.isSecretEnv(around.envName)) {
            mask(parser, path + "[" + around.envName + "]", name);
        } else if ((around.isSecret && !isDescribed(name)) || isLogin(name) || isSecretOfSchema(name)) {
            mask(parser, path.toString(), name);
        } else if (flag != null && !parser.getText().startsWith("--")) {
            mask(parser, path + "[" + flag + "]", name);
        } else {
            text(parser, name);
            around.flag = around.isList ? flag(parser) : null;
        }
    }

    /** The flag that a text is, if what comes after it is a secret; else null. */
    private String flag(JsonParser parser) throws IOException {
        if (charAt((int) parser.currentTokenLocation().getByteOffset() + 1) != '-') {
            return null;
        }
        String name = parser.getText().replaceFirst("^--?", "");
        return name.indexOf('=') < 0 && name.indexOf(' ') < 0 && names.isSecretField(name) ? name : null;
    }

    /** What logs in to a registry of images. */
    private boolean isLogin(String name) {
        return name.equals("auth") && path.indexOf(PlainNames.DOCKER_LOGINS + ".") >= 0;
    }

    static boolean isValueOfSchema(String name) {
        return VALUES_OF_SCHEMAS.contains(name);
    }

    /** The default of a field named like a secret. */
    private boolean isSecretOfSchema(String name) {
        if (!texts.isSchema() || !isValueOfSchema(name)) {
            return false;
        }
        int end = path.length() - name.length() - 1;
        int dot = path.lastIndexOf(".", end - 1);
        return end > 0 && names.isSecretField(path.substring(dot + 1, end));
    }

    private void number(JsonParser parser, Open around) throws IOException {
        length(around);
        String name = name(parser, around);
        String number = parser.getText();
        boolean isSecret = names.isSecretNumber(name)
                || place(parser, around).isSecret()
                || isSecretOfSchema(name)
                || (around.isSecret && number.length() >= SHORTEST_NUMBER && !isDescribed(name))
                || (rules.detectors().findsCards() && Personal.isCard(number));
        if (isSecret) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            String masked = tokens.number(path.toString(), number);
            if (!masked.equals(number)) {
                edits.add(new Edit(from, from + number.length(), masked));
            }
        }
    }

    private void close(Open ended) {
        EarlyValue early = ended.early;
        if (early != null && ended.envName != null && names.isSecretEnv(ended.envName)) {
            edits.subList(early.from, early.to).clear();
            String field = early.path + "[" + ended.envName + "]";
            edits.add(early.from, new Edit(early.start, early.end, Edit.quote(tokens.token(field, early.text))));
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
        int begin = (int) parser.currentTokenLocation().getByteOffset();
        int end = (int) parser.currentLocation().getByteOffset();
        int from = edits.size();
        text(parser, "value");
        return text.isEmpty() ? null : new EarlyValue(path.toString(), text, begin, end, from, edits.size());
    }

    private void text(JsonParser parser, String name) throws IOException {
        MaskingRules.WholeObject whole = rules.wholeObjects().get(type);
        if (whole != null && isIn(whole.base64())) {
            String value = parser.getText();
            replace(parser, value.isEmpty() ? null : tokens.base64(path.toString(), value));
        } else if ((whole != null && isIn(whole.plain())) || names.isSecretField(name)) {
            mask(parser, path.toString(), name);
        } else if (mayHold(parser)) {
            boolean isApplied = name.equals(LAST_APPLIED);
            boolean below = start.isSecretBelow() || (!texts.isSchema() && !isApplied);
            FieldPaths.Place place = isApplied ? rules.fields().root(type) : FieldPaths.Place.NOWHERE;
            replace(
                    parser,
                    texts.mask(parser.getText(), Start.inText(path.toString(), start.depth() + 1, below, place)));
        }
    }

    private boolean isIn(String field) {
        return path.length() > field.length() && path.charAt(field.length()) == '.' && path.indexOf(field) == 0;
    }

    private void mask(JsonParser parser, String field, String name) throws IOException {
        String value = parser.getText();
        if (!value.isEmpty() && !Tokens.isToken(value)) {
            boolean isBinary = start.depth() == 0 && rules.isBinary(type, path.toString(), name);
            replace(parser, isBinary ? tokens.base64(field, value) : tokens.token(field, value));
        }
    }

    /** Looks at the bytes, whether a text is worth a look: to decode every one would cost more than all the rest. */
    private boolean mayHold(JsonParser parser) {
        int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
        int at = from;
        boolean hasLines = false;
        boolean hasBrace = false;
        boolean hidesCharacters = false;
        while (at < body.length && body[at] != '"') {
            hasLines |= body[at] == '=';
            hasBrace |= body[at] == '{' || body[at] == '[';
            if (body[at] == '\\') {
                at++;
                hasLines |= charAt(at) == 'n' || charAt(at) == 'u';
                hidesCharacters |= Characters.mayHide(body, at);
            }
            at++;
        }
        return hidesCharacters
                || (hasLines && !texts.isSchema())
                || hasBrace
                || rules.detectors().mayHold(body, from, Math.min(at, body.length));
    }

    private char charAt(int at) {
        return at < body.length ? (char) body[at] : 0;
    }

    /** @param text null to leave it as it is */
    private void replace(JsonParser parser, String text) throws IOException {
        if (text == null) {
            return;
        }
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        edits.add(new Edit(from, end, Edit.quote(text)));
    }
}
