/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a JSONPath as {@code k8s.io/client-go/util/jsonpath} does, peculiarities included: a dot inside {@code ['a.b']}
 * separates fields unless a backslash precedes it.
 */
final class JsonPathParser {

    /** The path cannot be read. */
    static final class InvalidPath extends Exception {
        private static final long serialVersionUID = 1;

        InvalidPath(String message) {
            super(message);
        }
    }

    private static final int END = -1;
    private static final Pattern KEY = Pattern.compile("'([^']*)'");
    private static final Pattern SLICE = Pattern.compile("(-?\\d*)(:-?\\d*)?(:-?\\d*)?");
    private static final Pattern COMPARISON = Pattern.compile("([^!<>=]+)([!<>=]+)(.+)");

    private final String input;
    private int position;

    private JsonPathParser(String input) {
        this.input = input;
    }

    /** The steps of a path as a CustomResourceDefinition writes it: without braces around it. */
    static List<PathStep> parse(String path) throws InvalidPath {
        JsonPathParser parser = new JsonPathParser(path + "}");
        List<PathStep> steps = parser.action();
        // what follows a closing brace is a template around the path; it prints nothing in a column
        return steps;
    }

    /** The steps up to the closing brace. */
    private List<PathStep> action() throws InvalidPath {
        List<PathStep> steps = new ArrayList<>();
        while (true) {
            if (input.startsWith("[?(", position)) {
                steps.add(filter());
                continue;
            }
            if (input.startsWith("..", position)) {
                descendants(steps);
                continue;
            }
            int c = next();
            switch (c) {
                case '}' -> {
                    return List.copyOf(steps);
                }
                case ' ', '@', '$' -> {}
                case '[' -> bracket(steps);
                case '"', '\'' -> steps.add(quoted(c));
                case '.' -> steps.add(member());
                case END, '\r', '\n' -> throw new InvalidPath("unclosed action");
                default -> {
                    position -= Character.charCount(c);
                    steps.add(word(c));
                }
            }
        }
    }

    private int next() {
        if (position >= input.length()) {
            return END;
        }
        int c = input.codePointAt(position);
        position += Character.charCount(c);
        return c;
    }

    private void descendants(List<PathStep> steps) throws InvalidPath {
        if (!steps.isEmpty() && steps.getLast() instanceof PathStep.Descendants) {
            throw new InvalidPath("invalid multiple recursive descent");
        }
        position += 2;
        steps.add(new PathStep.Descendants());
        if (position < input.length() && isWordStart(input.codePointAt(position))) {
            steps.add(member());
        }
    }

    private PathStep member() {
        StringBuilder name = new StringBuilder();
        while (position < input.length() && !isTerminator(input.charAt(position))) {
            char c = input.charAt(position++);
            if (c == '\\' && position < input.length()) {
                c = input.charAt(position++);
            }
            if (c != '\\') {
                name.append(c);
            }
        }
        return name.toString().equals("*") ? new PathStep.Children() : new PathStep.Member(name.toString());
    }

    private PathStep word(int first) throws InvalidPath {
        if (first == '+' || first == '-' || Character.isDigit(first)) {
            return number();
        }
        if (!isWordStart(first)) {
            throw new InvalidPath("unrecognized character in action: " + Character.toString(first));
        }
        int start = position;
        while (position < input.length() && !isTerminator(input.charAt(position))) {
            position++;
        }
        String word = input.substring(start, position);
        return switch (word) {
            case "true", "false" -> new PathStep.Literal(BooleanNode.valueOf(Boolean.parseBoolean(word)));
            default -> new PathStep.Word(word);
        };
    }

    private PathStep number() throws InvalidPath {
        int start = position;
        position++;
        while (position < input.length()
                && (input.charAt(position) == '.' || Character.isDigit(input.charAt(position)))) {
            position++;
        }
        String number = input.substring(start, position);
        try {
            return new PathStep.Literal(
                    number.indexOf('.') < 0
                            ? LongNode.valueOf(Long.parseLong(number))
                            : DoubleNode.valueOf(Double.parseDouble(number)));
        } catch (NumberFormatException e) {
            throw new InvalidPath("cannot parse number " + number);
        }
    }

    private void bracket(List<PathStep> steps) throws InvalidPath {
        int start = position;
        int end = input.indexOf(']', start);
        if (end < 0 || input.substring(start, end).indexOf('\n') >= 0) {
            throw new InvalidPath("unterminated array");
        }
        position = end + 1;
        String text = input.substring(start, end);
        String[] alternatives = text.split(",", -1);
        if (alternatives.length > 1) {
            List<List<PathStep>> paths = new ArrayList<>();
            for (String alternative : alternatives) {
                paths.add(parse("[" + stripSpaces(alternative) + "]"));
            }
            steps.add(new PathStep.Union(paths));
            return;
        }
        Matcher key = KEY.matcher(text);
        if (key.matches()) {
            steps.addAll(parse("." + key.group(1)));
            return;
        }
        steps.add(slice(text.equals("*") ? ":" : text));
    }

    private static String stripSpaces(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == ' ') {
            start++;
        }
        while (end > start && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(start, end);
    }

    private static PathStep slice(String text) throws InvalidPath {
        Matcher slice = SLICE.matcher(text);
        if (!slice.matches()) {
            throw new InvalidPath("invalid array index " + text);
        }
        try {
            Integer start = index(slice.group(1)).orElse(null);
            if (slice.group(2) == null) {
                return new PathStep.Slice(start, (start == null ? 0 : start) + 1, true, null);
            }
            Integer end = index(slice.group(2).substring(1)).orElse(null);
            Integer step = slice.group(3) == null
                    ? null
                    : index(slice.group(3).substring(1)).orElse(null);
            return new PathStep.Slice(start, end, false, step);
        } catch (NumberFormatException e) {
            throw new InvalidPath("array index " + text + " is not a number");
        }
    }

    private static Optional<Integer> index(String digits) {
        return digits.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(digits));
    }

    private PathStep filter() throws InvalidPath {
        position += 3;
        int start = position;
        int quote = END;
        boolean closed = false;
        while (true) {
            int c = next();
            if (c == END || c == '\n') {
                throw new InvalidPath("unterminated filter");
            }
            if (c == '"' || c == '\'') {
                if (quote == END) {
                    quote = c;
                } else if (c == quote && input.charAt(position - 2) != '\\') {
                    closed = true;
                }
            } else if (c == ')' && (quote == END) == !closed) {
                break;
            }
        }
        String text = input.substring(start, position - 1);
        if (next() != ']') {
            throw new InvalidPath("unclosed array expect ]");
        }
        Matcher comparison = COMPARISON.matcher(text);
        if (comparison.matches()) {
            return new PathStep.Filter(parse(comparison.group(1)), comparison.group(2), parse(comparison.group(3)));
        }
        return new PathStep.Filter(parse(text), PathStep.Filter.EXISTS, List.of());
    }

    private PathStep quoted(int quote) throws InvalidPath {
        int start = position;
        while (true) {
            int c = next();
            if (c == END || c == '\n') {
                throw new InvalidPath("unterminated quoted string");
            }
            if (c == quote && input.charAt(position - 2) != '\\') {
                break;
            }
        }
        return new PathStep.Text(TextNode.valueOf(unescaped(input.substring(start, position - 1), quote)));
    }

    private static String unescaped(String text, int quote) throws InvalidPath {
        StringBuilder unescaped = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\') {
                unescaped.append(c);
                continue;
            }
            char escape = at < text.length() ? text.charAt(at++) : ' ';
            int digits =
                    switch (escape) {
                        case 'x' -> 2;
                        case 'u' -> 4;
                        case 'U' -> 8;
                        default -> 0;
                    };
            if (digits > 0) {
                unescaped.appendCodePoint(hex(text, at, digits));
                at += digits;
            } else {
                unescaped.append(simpleEscape(escape, quote));
            }
        }
        return unescaped.toString();
    }

    private static char simpleEscape(char escape, int quote) throws InvalidPath {
        return switch (escape) {
            case 'a' -> '\u0007';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> '\u000b';
            case '\\' -> '\\';
            default -> {
                if (escape == quote) {
                    yield escape;
                }
                throw new InvalidPath("invalid escape \\" + escape);
            }
        };
    }

    private static int hex(String text, int at, int digits) throws InvalidPath {
        try {
            int codePoint = Integer.parseInt(text.substring(at, at + digits), 16);
            if (Character.isValidCodePoint(codePoint)) {
                return codePoint;
            }
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new InvalidPath("invalid escape in " + text);
        }
        throw new InvalidPath("invalid escape in " + text);
    }

    private static boolean isTerminator(char c) {
        return " \t\r\n.,[]$@{}".indexOf(c) >= 0;
    }

    private static boolean isWordStart(int c) {
        return c == '_' || Character.isLetter(c) || Character.isDigit(c);
    }
}
