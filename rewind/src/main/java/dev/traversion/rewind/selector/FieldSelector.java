/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A field selector: every term must hold. Immutable. */
public final class FieldSelector {

    private record Term(SelectableField field, String value, boolean equal) {}

    private final List<Term> terms;

    private FieldSelector(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    /**
     * Reads a selector such as {@code spec.nodeName=n1,status.phase!=Running}.
     *
     * @param fields the fields the kind can be selected by
     * @throws SelectorException with the API server's message
     */
    public static FieldSelector parse(String text, SelectableFields fields) {
        List<Term> terms = new ArrayList<>();
        List<String> parts = split(text);
        parts.sort(null);
        for (String part : parts) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new SelectorException("invalid selector: '" + text + "'; can't understand '" + part + "'");
            }
            boolean negated = equals > 0 && part.charAt(equals - 1) == '!';
            int valueStart = !negated && part.startsWith("==", equals) ? equals + 2 : equals + 1;
            String name = part.substring(0, negated ? equals - 1 : equals);
            String value = unescape(part.substring(valueStart));
            if (name.isEmpty() && value.isEmpty()) {
                continue;
            }
            terms.add(new Term(fields.field(name), value, !negated));
        }
        return new FieldSelector(terms);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' && !escaped) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
            escaped = c == '\\' && !escaped;
        }
        parts.add(part.toString());
        return parts;
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        boolean escaped = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (escaped) {
                if ("\\,=".indexOf(c) < 0) {
                    throw new SelectorException("invalid field selector: invalid escape sequence: \\" + c);
                }
                plain.append(c);
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == '=' || c == ',') {
                throw new SelectorException("invalid field selector: unescaped character in value: " + (int) c);
            } else {
                plain.append(c);
            }
        }
        if (escaped) {
            throw new SelectorException("invalid field selector: invalid escape sequence: \\");
        }
        return plain.toString();
    }

    /** Whether it selects everything. */
    public boolean isEmpty() {
        return terms.isEmpty();
    }

    /** The only name an object can have to be selected; empty if there can be several. */
    public Optional<String> exactName() {
        return exact(SelectableField.NAME);
    }

    /** The only namespace an object can be in to be selected; empty if there can be several. */
    public Optional<String> exactNamespace() {
        return exact(SelectableField.NAMESPACE);
    }

    private Optional<String> exact(SelectableField field) {
        return terms.stream()
                .filter(term -> term.equal() && term.field().equals(field))
                .map(Term::value)
                .findFirst();
    }

    /** Whether the key alone decides, so that no body need be read. */
    public boolean needsKeyOnly() {
        return terms.stream().allMatch(term -> term.field().isOfKey());
    }

    /** Whether the object with this key and compact JSON body is selected; the body may be empty if {@link #needsKeyOnly()}. */
    public boolean matches(ObjectKey key, byte[] body) {
        for (Term term : terms) {
            if (term.field().value(key, body).equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }
}
