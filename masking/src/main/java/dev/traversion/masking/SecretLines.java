/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import java.util.regex.Pattern;

/**
 * Masks secrets in text that is no JSON, as it stands in ConfigMaps and arguments: {@code name=value}, and in text of several lines
 * {@code name: value}, what YAML has below such a name, and private keys. Every other character stays. Reads each line once. For one
 * text.
 */
final class SecretLines {

    /** What stands for a value that comes from elsewhere, or for none. */
    private static final Pattern NO_SECRET = Pattern.compile(
            "(?i)\\$\\{[\\w.]*}|\\$\\([\\w.]*\\)|\\$\\w+|\\{\\{[^{}]*}}|true|false|yes|no|on|off|null|~|nil|none|\\{}|\\[]");

    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9_.]*[a-zA-Z]{0,2}");
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_HARMLESS = 256;
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    private final MaskingRules rules;
    private final SecretNames names;
    private final Tokens tokens;
    private final String path;
    private final StringBuilder masked = new StringBuilder();
    private boolean isChanged;
    private boolean isText;

    /** The present line, and the first character of it that was not written. */
    private String line = "";

    private int written;

    /** The indentation of the name below which everything is secret; -1 if there is none. */
    private int secretIndent = -1;

    private String secretName = "";
    private boolean isBlock;
    private boolean isPrivateKey;

    /** @param path of the text's field */
    SecretLines(MaskingRules rules, SecretNames names, Tokens tokens, String path) {
        this.rules = rules;
        this.names = names;
        this.tokens = tokens;
        this.path = path;
    }

    /** Whether a value comes from elsewhere, or is none. */
    static boolean isHarmless(String value) {
        return value.length() <= LONGEST_HARMLESS && NO_SECRET.matcher(value).matches();
    }

    /** The text without secrets; null if there are none. */
    String mask(String text) {
        isText = text.indexOf('\n') >= 0;
        int from = 0;
        while (from <= text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            line = text.substring(from, end);
            written = 0;
            line();
            masked.append(line, written, line.length());
            if (end < text.length()) {
                masked.append('\n');
            }
            from = end + 1;
        }
        return isChanged ? masked.toString() : null;
    }

    private void line() {
        int indent = skipSpace(0);
        int end = line.stripTrailing().length();
        if (indent >= end) {
            return;
        }
        if (isPrivateKey || (isText && line.contains("-----BEGIN ") && line.contains(PRIVATE_KEY))) {
            privateKey(indent, end);
            return;
        }
        // the entries of a list may stand as far left as its name
        boolean isEntry = indent == secretIndent && !isBlock && line.startsWith("- ", indent);
        if (indent <= secretIndent && !isEntry) {
            secretIndent = -1;
        }
        if (secretIndent >= 0 && isBlock) {
            replace(indent, end, secretName);
        } else if (!named(indent, end)) {
            if (secretIndent >= 0) {
                replace(skipDashes(indent), end, secretName);
            } else {
                assignments(indent, end);
            }
        }
    }

    private void privateKey(int indent, int end) {
        boolean isEdge = line.contains("-----BEGIN ") || line.contains("-----END ");
        if (!isEdge) {
            replace(indent, end, PRIVATE_KEY);
        }
        isPrivateKey = !line.contains("-----END ");
    }

    /** A line that begins with a name and what separates it from its value; false if it does not. */
    private boolean named(int indent, int end) {
        int at = skipDashes(indent);
        at = line.startsWith("export ", at) ? skipSpace(at + 7) : at;
        boolean isFlag = line.startsWith("--", at);
        at += isFlag ? 2 : 0;
        char quote = at < end ? line.charAt(at) : ' ';
        boolean isQuoted = quote == '"' || quote == '\'';
        int start = isQuoted ? at + 1 : at;
        int nameEnd = endOfName(start, end);
        int separator = skipSpace(isQuoted ? nameEnd + 1 : nameEnd);
        if (nameEnd == start || separator >= end || (isQuoted && line.charAt(nameEnd) != quote)) {
            return false;
        }
        char c = line.charAt(separator);
        if (c != '=' && (c != ':' || !isText)) {
            return false;
        }
        String name = line.substring(start, nameEnd);
        int value = skipSpace(separator + 1);
        if (!isSecret(name, c)) {
            assignments(value, end);
        } else if (c == ':' && opens(value, end)) {
            if (secretIndent < 0) {
                secretIndent = indent;
                secretName = name;
                isBlock = false;
            }
            isBlock |= value < end && line.charAt(value) != '#';
        } else {
            value(name, value, isFlag ? endOfWord(value, end) : end);
            assignments(written, end);
        }
        return true;
    }

    private boolean isSecret(String name, char separator) {
        return (separator == '=' ? names.isSecretEnv(name) : names.isSecretField(name))
                || (secretIndent >= 0 && !rules.isReference(name) && !rules.isDescription(name));
    }

    /** Whether what belongs to a name follows in the next lines. */
    private boolean opens(int value, int end) {
        int at = value;
        if (at < end && line.charAt(at) == '!') {
            at = skipSpace(endOfWord(at, end));
        }
        if (at >= end || line.charAt(at) == '#') {
            return true;
        }
        if (line.charAt(at) != '|' && line.charAt(at) != '>') {
            return false;
        }
        at++;
        while (at < end && "0123456789+-".indexOf(line.charAt(at)) >= 0) {
            at++;
        }
        return at == end || (line.charAt(at) == ' ' && line.charAt(skipSpace(at)) == '#');
    }

    /** {@code name=value} anywhere, as in command lines, connection strings and URLs. */
    private void assignments(int from, int end) {
        int first = Math.max(from, written);
        for (int at = line.indexOf('=', first); at >= 0 && at < end; at = line.indexOf('=', at + 1)) {
            int start = at;
            while (start > first && at - start <= LONGEST_NAME && isNameCharacter(line.charAt(start - 1))) {
                start--;
            }
            while (start < at && line.charAt(start) == '-') {
                start++;
            }
            if (at >= written && start < at && names.isSecretField(line.substring(start, at))) {
                value(line.substring(start, at), at + 1, endOfWord(at + 1, end));
            }
        }
    }

    /** Masks a value, without its quotes and what follows them. */
    private void value(String name, int from, int to) {
        if (from >= to) {
            return;
        }
        int start = from;
        int end = to;
        char quote = line.charAt(start);
        int closing = quote == '"' || quote == '\'' ? line.lastIndexOf(quote, end - 1) : -1;
        if (closing > start && isOnlyPunctuation(closing + 1, end)) {
            start++;
            end = closing;
        } else if (line.charAt(end - 1) == ',' || line.charAt(end - 1) == ';') {
            end--;
        }
        String value = line.substring(start, end);
        boolean isCount =
                value.length() <= LONGEST_HARMLESS && NUMBER.matcher(value).matches() && !names.isSecretNumber(name);
        if (!isCount && !isHarmless(value)) {
            replace(start, end, name);
        }
    }

    private void replace(int from, int to, String name) {
        String value = line.substring(Math.min(from, to), to);
        if (!value.isBlank() && !Tokens.isToken(value)) {
            masked.append(line, written, from).append(tokens.token(path + "[" + name + "]", value));
            written = to;
            isChanged = true;
        }
    }

    private boolean isOnlyPunctuation(int from, int end) {
        for (int at = from; at < end; at++) {
            if (line.charAt(at) == '#') {
                return true;
            }
            if (",;) \t\r".indexOf(line.charAt(at)) < 0) {
                return false;
            }
        }
        return true;
    }

    private int skipDashes(int from) {
        int at = from;
        while (line.startsWith("- ", at)) {
            at = skipSpace(at + 2);
        }
        return at;
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private int endOfName(int from, int end) {
        int at = from;
        while (at < end && at - from < LONGEST_NAME && isNameCharacter(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private int endOfWord(int from, int end) {
        int at = from;
        char quote = from < end ? line.charAt(from) : ' ';
        if (quote == '"' || quote == '\'') {
            int closing = line.indexOf(quote, from + 1);
            return closing < 0 || closing >= end ? end : closing + 1;
        }
        while (at < end && " \t\"'`&;,".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '.'
                || c == '-'
                || c == '/';
    }
}
