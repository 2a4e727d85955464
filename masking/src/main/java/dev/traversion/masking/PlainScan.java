/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import dev.traversion.archive.ResourceType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Tells of most bodies, in one pass over their bytes, that they are JSON in which nothing is to be masked. Of anything else, and of all
 * that is unusual, it knows nothing: then {@link SecretScan} has to look. For one body.
 */
final class PlainScan {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final int DEEPEST = 128;

    /** Of an object or list whose end has not come: it is a list. */
    private static final int LIST = 1;

    /** A list of environment variables, or an entry of one. */
    private static final int ENV = 2;

    /** A list in a field whose text is secret. */
    private static final int SECRET = 4;

    /** Nothing in it is searched. */
    private static final int NEVER = 8;

    /** A text that is the name of an environment variable. */
    private static final int NAME_OF_ENV = 16;

    /** A list or value in a field whose numbers are secret. */
    private static final int SECRET_NUMBER = 32;

    /** What selects objects: only searched for tokens. */
    private static final int LABELS = 64;

    /** A member of a body that says who owns which field. */
    private static final String METADATA = "metadata";

    private static final String MANAGED_FIELDS = "managedFields";

    private static final int END = -1;

    private final Masking masking;
    private final ResourceType type;
    private final boolean isSchema;
    private final boolean isSecretBelow;
    private final byte[] body;
    private final byte[] open = new byte[DEEPEST];

    /** Where the name of the field begins that an object or list is in. */
    private final int[] nameAt = new int[DEEPEST];

    private int lastName;
    private boolean isInManagedFields;
    private int at;
    private int depth;

    /** The member of the body in which it is at present. */
    private String section = "";

    /** What the present string holds besides letters. */
    private boolean hasEquals;

    private boolean hasEscapes;

    /** Whether an escape of the present string may be the end of a line. */
    private boolean hasLines;

    /** Whether an escape of the present string may be a character with which a secret begins. */
    private boolean hidesCharacters;

    PlainScan(Masking masking, ResourceType type, byte[] body) {
        this.masking = masking;
        this.type = type;
        this.isSchema = masking.rules().schemas().contains(type);
        this.isSecretBelow = masking.rules().isSecretBelow(type);
        this.body = body;
    }

    /** Whether it is JSON for certain, and nothing in it is secret. */
    boolean isPlain() {
        if (next() != '{') {
            return false;
        }
        boolean begun = true;
        while (depth >= 0) {
            int around = open[depth];
            boolean isList = (around & LIST) != 0;
            int c = next();
            if (c == (isList ? ']' : '}')) {
                depth--;
                begun = false;
                continue;
            }
            if (!begun) {
                if (c != ',') {
                    return false;
                }
                c = next();
            }
            int value = isList ? around & (ENV | SECRET | SECRET_NUMBER | NEVER | LABELS) : name(c, around);
            if (value < 0) {
                return false;
            }
            c = isList ? c : next();
            begun = c == '{' || c == '[';
            if (begun ? !enter(c, isList, value) : !scalar(c, isList, value)) {
                return false;
            }
        }
        return next() == END;
    }

    /** The next byte that is no space. */
    private int next() {
        while (at < body.length) {
            int c = body[at++];
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                // What is not ASCII is in no place where this is called.
                return c & 0xff;
            }
        }
        return END;
    }

    /** Reads the name of a member, and what holds of its value; negative if it is not known. */
    private int name(int quote, int around) {
        if (quote != '"') {
            return -1;
        }
        int from = at;
        if ((around & NEVER) != 0) {
            lastName = from;
            if (!string(false) || (isInManagedFields && !isPlainEntry(from, at - 1)) || next() != ':') {
                return -1;
            }
            return around & (NEVER | LABELS);
        }
        while (at < body.length && body[at] != '"') {
            if (body[at] < ' ' || body[at] == '\\') {
                return -1;
            }
            at++;
        }
        if (at == body.length) {
            return -1;
        }
        PlainNames.Name name = masking.plainNames().at(body, from, at++);
        if (next() != ':') {
            return -1;
        }
        if (name.searched()) {
            return -1;
        }
        if (depth == 0) {
            section = name.text();
        } else if (depth == 1 && (open[1] & LIST) == 0) {
            isInManagedFields = section.equals(METADATA) && name.text().equals(MANAGED_FIELDS);
            if (isInManagedFields || masking.never().contains(section, name.text())) {
                return NEVER;
            }
            if (masking.labels().contains(section, name.text())) {
                return NEVER | LABELS;
            }
        }
        if (isSchema && (around & SECRET) != 0 && SecretScan.isValueOfSchema(name.text())) {
            return -1;
        }
        int value = (name.secretField() ? SECRET : 0) | (name.secretNumber() ? SECRET_NUMBER : 0);
        if (name.pairs()) {
            value |= ENV;
        }
        if ((around & ENV) != 0 && name.text().equals("name")) {
            value |= NAME_OF_ENV;
        }
        return value;
    }

    private boolean enter(int c, boolean inList, int value) {
        if (++depth == DEEPEST || (isSecretBelow && (value & SECRET) != 0)) {
            return false;
        }
        nameAt[depth] = lastName;
        int kept = value & (NEVER | LABELS);
        kept |= isSchema ? value & SECRET : 0;
        if (c == '[') {
            kept |= LIST | (value & (ENV | SECRET | SECRET_NUMBER));
        } else if (inList) {
            kept |= value & ENV;
        }
        open[depth] = (byte) kept;
        return true;
    }

    private boolean scalar(int c, boolean inList, int value) {
        return switch (c) {
            case '"' -> (value & NEVER) != 0 ? unsearched(value) : text(inList, value);
            case 't' -> literal("rue");
            case 'f' -> literal("alse");
            case 'n' -> literal("ull");
            default ->
                (value & SECRET_NUMBER) == 0 && !masking.rules().detectors().findsCards() && number(c);
        };
    }

    /** A text that is searched: it must not be secret, and not begin like JSON. */
    private boolean text(boolean inList, int value) {
        if ((value & SECRET) != 0 || startsLikeJson()) {
            return false;
        }
        int from = at;
        hasEquals = false;
        hasEscapes = false;
        hasLines = false;
        hidesCharacters = false;
        if (!string(true)) {
            return false;
        }
        if ((value & NAME_OF_ENV) != 0 && !isPlainEnv(from, at - 1)) {
            return false;
        }
        if (inList && !hasEquals && body[from] == '-' && isSecretFlag(from, at - 1)) {
            return false;
        }
        if (hidesCharacters || (hasLines && !isSchema)) {
            return false;
        }
        boolean mayHold =
                (hasEquals && !isSchema) || masking.rules().detectors().mayHold(body, from, at - 1);
        return !mayHold || isPlainText(from, at - 1);
    }

    /** Whether the next text of a list may be secret because of this one. */
    private boolean isSecretFlag(int from, int to) {
        int name = from;
        while (name < to && body[name] == '-') {
            name++;
        }
        return hasEscapes || isSecretName(name, to);
    }

    private boolean isSecretName(int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] < ' ' || body[i] == '\\') {
                return true;
            }
        }
        return masking.plainNames().at(body, from, to).secretField();
    }

    /** Whether a text that may hold a secret holds none. */
    private boolean isPlainText(int from, int to) {
        if (hasEscapes || to - from > PlainTexts.LONGEST_REMEMBERED) {
            return false;
        }
        if (masking.plainTexts().contains(body, from, to)) {
            return true;
        }
        String text = new String(body, from, to - from, StandardCharsets.UTF_8);
        boolean isPlain = masking.isPlainText(text);
        if (isPlain) {
            masking.plainTexts().add(body, from, to);
        }
        return isPlain;
    }

    private boolean unsearched(int value) {
        int from = at;
        hasEscapes = false;
        hasLines = false;
        hidesCharacters = false;
        return string(true)
                && ((value & LABELS) == 0
                        || (!hasLines
                                && !hidesCharacters
                                && !masking.labelDetectors().mayHold(body, from, at - 1))
                        || isPlainText(from, at - 1));
    }

    /** Whether a name in managedFields has no secret in it: entries of sets and keys of lists have values. */
    private boolean isPlainEntry(int from, int to) {
        if (to - from < 3 || body[from + 1] != ':' || (body[from] != 'v' && body[from] != 'k')) {
            return true;
        }
        if (isSecretBelow) {
            for (int around = depth; around > 2; around--) {
                if (isSecretField(nameAt[around])) {
                    return false;
                }
            }
        } else if (body[from] == 'v' && isSecretField(nameAt[depth])) {
            return false;
        }
        if (masking.plainTexts().contains(body, from, to)) {
            return true;
        }
        boolean isPlain = masking.isPlainEntry(type, body, from, to);
        if (isPlain) {
            masking.plainTexts().add(body, from, to);
        }
        return isPlain;
    }

    /** Whether {@code f:name} is the name of a field whose text is secret. */
    private boolean isSecretField(int name) {
        int end = name;
        while (body[end] != '"') {
            end++;
        }
        return end - name > 2 && isSecretName(name + 2, end);
    }

    private boolean isPlainEnv(int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] < ' ' || body[i] == '\\') {
                return false;
            }
        }
        return !masking.plainNames().at(body, from, to).secretEnv();
    }

    /** Whether {@link SecretScan} might look into it. */
    private boolean startsLikeJson() {
        for (int i = at; i < body.length; i++) {
            switch (body[i]) {
                case ' ' -> {}
                case '\\', '{' -> {
                    return true;
                }
                case '[' -> {
                    return i + 1 < body.length && " \\{[".indexOf(body[i + 1]) >= 0;
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    /** Moves behind the end of a string; false if it is none for certain. */
    private boolean string(boolean mayHaveUnicodeEscapes) {
        while (true) {
            int special = special();
            if (special < 0) {
                return false;
            }
            at = special + 1;
            int c = body[special];
            if (c == '"') {
                return true;
            }
            hasEquals |= c == '=';
            if (c != '=' && (c == '\\' ? !escape(mayHaveUnicodeEscapes) : !character(c & 0xff))) {
                return false;
            }
        }
    }

    /** The next quote, backslash, equals sign, control character or byte that is not ASCII; negative if there is none. */
    private int special() {
        int i = at;
        for (; i + Long.BYTES <= body.length; i += Long.BYTES) {
            long bytes = (long) LONGS.get(body, i);
            long quotes = bytes ^ '"' * ONES;
            long backslashes = bytes ^ '\\' * ONES;
            long found = (quotes - ONES) & ~quotes;
            found |= (backslashes - ONES) & ~backslashes;
            long equals = bytes ^ '=' * ONES;
            found |= (equals - ONES) & ~equals;
            found |= (bytes - ' ' * ONES) & ~bytes;
            found |= bytes;
            found &= HIGH;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < body.length; i++) {
            if (body[i] == '"' || body[i] == '\\' || body[i] == '=' || body[i] < ' ') {
                return i;
            }
        }
        return -1;
    }

    private boolean escape(boolean mayBeUnicode) {
        int c = at < body.length ? body[at++] : END;
        hasEscapes = true;
        hasLines |= c == 'n' || c == 'u';
        hidesCharacters |= Characters.mayHide(body, at - 1);
        if (c == 'u') {
            int end = at + 4;
            if (!mayBeUnicode || end > body.length) {
                return false;
            }
            while (at < end) {
                if (body[at] < 0 || Character.digit(body[at], 16) < 0) {
                    return false;
                }
                at++;
            }
            return true;
        }
        return c != END && "\"\\/bfnrt".indexOf(c) >= 0;
    }

    /** A character of UTF-8 that has several bytes. */
    private boolean character(int first) {
        int more = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        if (more == 0 || at + more > body.length || (first == 0xed && body[at] >= (byte) 0xa0)) {
            return false;
        }
        for (int end = at + more; at < end; at++) {
            if ((body[at] & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }

    private boolean literal(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if (at >= body.length || body[at++] != rest.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean number(int first) {
        int digit = first;
        if (first == '-') {
            digit = at < body.length ? body[at++] : END;
        }
        if (digit < '0' || digit > '9') {
            return false;
        }
        if (digit != '0') {
            digits();
        }
        if (isAt('.', '.') && !fraction()) {
            return false;
        }
        if (isAt('e', 'E')) {
            at++;
            if (isAt('+', '-')) {
                at++;
            }
            return digits();
        }
        return true;
    }

    private boolean fraction() {
        at++;
        return digits();
    }

    private boolean isAt(char one, char other) {
        return at < body.length && (body[at] == one || body[at] == other);
    }

    private boolean digits() {
        int from = at;
        while (at < body.length && body[at] >= '0' && body[at] <= '9') {
            at++;
        }
        return at > from;
    }
}
