/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

import dev.traversion.rewind.selector.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The recursive descent of the API server's label selector grammar, with its messages. */
final class LabelSelectorParser {

    private static final String SPECIAL = "=!(),><";
    private static final List<String> SYMBOLS = List.of(")", ",", "!", "==", "=", ">", "<", "!=", "(");

    private record Token(Kind kind, String text) {}

    private enum Kind {
        IDENTIFIER,
        SYMBOL,
        END
    }

    private final String input;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    LabelSelectorParser(String input) {
        this.input = input;
    }

    List<LabelRequirement> parse() {
        scan();
        List<LabelRequirement> requirements = new ArrayList<>();
        while (true) {
            Token token = peek();
            if (token.kind() == Kind.END) {
                return requirements;
            }
            if (token.kind() != Kind.IDENTIFIER && !isSymbol(token, "!")) {
                throw new SelectorException(
                        "found '" + token.text() + "', expected: !, identifier, or 'end of string'");
            }
            requirements.add(requirement());
            Token after = take();
            if (after.kind() == Kind.END) {
                return requirements;
            }
            if (!isSymbol(after, ",")) {
                throw new SelectorException("found '" + after.text() + "', expected: ',' or 'end of string'");
            }
            Token next = peek();
            if (next.kind() != Kind.IDENTIFIER && !isSymbol(next, "!")) {
                throw new SelectorException("found '" + next.text() + "', expected: identifier after ','");
            }
        }
    }

    private LabelRequirement requirement() {
        Token token = take();
        boolean negated = isSymbol(token, "!");
        if (negated) {
            token = take();
        }
        if (token.kind() != Kind.IDENTIFIER) {
            throw unparsable("found '" + token.text() + "', expected: identifier");
        }
        String key = token.text();
        LabelRequirement.checkKey(key);
        if (negated || peek().kind() == Kind.END || isSymbol(peek(), ",")) {
            return LabelRequirement.of(key, negated ? Operator.DOES_NOT_EXIST : Operator.EXISTS, new TreeSet<>());
        }
        Token operator = take();
        return switch (operator.text()) {
            case "in" -> LabelRequirement.of(key, Operator.IN, values());
            case "notin" -> LabelRequirement.of(key, Operator.NOT_IN, values());
            case "=", "==" -> LabelRequirement.of(key, Operator.IN, exactValue());
            case "!=" -> LabelRequirement.of(key, Operator.NOT_IN, exactValue());
            case ">" -> LabelRequirement.of(key, Operator.GREATER, exactValue());
            case "<" -> LabelRequirement.of(key, Operator.LESS, exactValue());
            default -> throw unparsable("found '" + operator.text() + "', expected: in, notin, =, ==, !=, gt, lt");
        };
    }

    private SortedSet<String> values() {
        Token open = take();
        if (!isSymbol(open, "(")) {
            throw unparsable("found '" + open.text() + "' expected: '('");
        }
        Token first = peek();
        if (isSymbol(first, ")")) {
            take();
            return new TreeSet<>(List.of(""));
        }
        if (first.kind() != Kind.IDENTIFIER && !isSymbol(first, ",")) {
            throw unparsable("found '" + first.text() + "', expected: ',', ')' or identifier");
        }
        SortedSet<String> values = identifiers();
        if (!isSymbol(take(), ")")) {
            throw unparsable("found '" + first.text() + "', expected: ')'");
        }
        return values;
    }

    private SortedSet<String> identifiers() {
        SortedSet<String> values = new TreeSet<>();
        while (true) {
            Token token = take();
            if (token.kind() == Kind.IDENTIFIER) {
                values.add(token.text());
                Token next = peek();
                if (isSymbol(next, ")")) {
                    return values;
                }
                if (!isSymbol(next, ",")) {
                    throw unparsable("found '" + next.text() + "', expected: ',' or ')'");
                }
            } else if (isSymbol(token, ",")) {
                if (values.isEmpty()) {
                    values.add("");
                }
                if (isSymbol(peek(), ")")) {
                    values.add("");
                    return values;
                }
                if (isSymbol(peek(), ",")) {
                    values.add("");
                }
            } else {
                throw unparsable("found '" + token.text() + "', expected: ',', or identifier");
            }
        }
    }

    private SortedSet<String> exactValue() {
        if (peek().kind() == Kind.END || isSymbol(peek(), ",")) {
            return new TreeSet<>(List.of(""));
        }
        Token token = take();
        if (token.kind() != Kind.IDENTIFIER) {
            throw unparsable("found '" + token.text() + "', expected: identifier");
        }
        return new TreeSet<>(List.of(token.text()));
    }

    private static SelectorException unparsable(String problem) {
        return new SelectorException("unable to parse requirement: " + problem);
    }

    private static boolean isSymbol(Token token, String symbol) {
        return token.kind() == Kind.SYMBOL && token.text().equals(symbol);
    }

    private Token peek() {
        return tokens.get(position);
    }

    /** The last token is never consumed for good: it is found again by whoever asks next. */
    private Token take() {
        Token token = tokens.get(position);
        if (position < tokens.size() - 1) {
            position++;
        }
        return token;
    }

    private void scan() {
        int at = 0;
        while (at < input.length()) {
            char c = input.charAt(at);
            if (isWhitespace(c)) {
                at++;
            } else if (SPECIAL.indexOf(c) >= 0) {
                at = scanSymbol(at);
            } else {
                int start = at;
                while (at < input.length()
                        && SPECIAL.indexOf(input.charAt(at)) < 0
                        && !isWhitespace(input.charAt(at))) {
                    at++;
                }
                tokens.add(new Token(Kind.IDENTIFIER, input.substring(start, at)));
            }
        }
        tokens.add(new Token(Kind.END, ""));
    }

    private int scanSymbol(int start) {
        for (int length = Math.min(2, input.length() - start); length > 0; length--) {
            String symbol = input.substring(start, start + length);
            if (SYMBOLS.contains(symbol)) {
                tokens.add(new Token(Kind.SYMBOL, symbol));
                return start + length;
            }
        }
        throw new IllegalStateException("every special character is a symbol of its own");
    }

    private static boolean isWhitespace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
