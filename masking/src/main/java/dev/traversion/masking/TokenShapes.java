/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import dev.traversion.masking.Needles.Needle;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Judges what begins like a secret: whether it goes on like one, and where it ends. Looks only so far ahead that a text made of such
 * beginnings costs no more than a small multiple of its length. For one text.
 */
final class TokenShapes {

    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String REQUEST = "CERTIFICATE REQUEST";

    /** Object identifier 1.2.840.113549.1.9.7, a character a byte. */
    private static final String CHALLENGE_PASSWORD = "*\u0086H\u0086\u00f7\r\u0001\t\u0007";

    private static final int LONGEST_TOKEN = 16_384;
    private static final int LONGEST_HEADER = 512;
    private static final int LONGEST_URL = 256;
    private static final int LONGEST_NAME = 100;
    private static final int LEAST_BEARER = 8;
    private static final int SURELY_BEARER = 24;
    private static final int LEAST_USER = 16;

    private final SecretNames names;
    private final String text;
    private final boolean hasLines;

    TokenShapes(SecretNames names, String text) {
        this.names = names;
        this.text = text;
        this.hasLines = text.indexOf('\n') >= 0;
    }

    /** Null if it is harmless. */
    Finding judge(Needle needle, int from) {
        int after = from + needle.text().length();
        return switch (needle.kind()) {
            case TOKEN -> token(needle, from, after);
            case JWT -> jwt(from);
            case URL -> url(after);
            case BEARER -> bearer(after);
            case BASIC -> basic(after);
            case PASSWORD -> password(after);
            case FLAG -> flag(after);
            case PRIVATE_KEY -> privateKey(after);
        };
    }

    private Finding token(Needle needle, int from, int after) {
        char last = needle.text().charAt(needle.text().length() - 1);
        boolean isIntroduced = last == '=' || last == '/';
        if (!isIntroduced && !Characters.isBoundary(text, from)) {
            return null;
        }
        int end = Characters.endOfWord(text, after, "_-" + needle.also(), LONGEST_TOKEN);
        return end - after < needle.least() ? null : Finding.secret(isIntroduced ? after : from, end, "token");
    }

    private Finding jwt(int from) {
        if (!Characters.isBoundary(text, from)) {
            return null;
        }
        int header = Characters.endOfWord(text, from, "_-", LONGEST_HEADER);
        if (header >= text.length() || text.charAt(header) != '.' || header - from < LEAST_USER) {
            return null;
        }
        int end = Characters.endOfWord(text, header, "_-.=", LONGEST_TOKEN);
        return end - header < LEAST_USER ? null : Finding.secret(from, end, "token");
    }

    /** {@code user:password@}, or a user that is a token. */
    private Finding url(int from) {
        int limit = Math.min(text.length(), from + LONGEST_URL);
        int end = from;
        int colon = -1;
        int at = -1;
        boolean isInPath = false;
        for (; end < limit && " \t\r\n\"'`<>\\,|".indexOf(text.charAt(end)) < 0; end++) {
            char c = text.charAt(end);
            if (c == '/' || c == '?' || c == '#') {
                // A password may hold one that should have been escaped; a port may not.
                if (at >= 0 || colon < 0 || (!isInPath && isPort(colon + 1, end))) {
                    break;
                }
                isInPath = true;
            } else if (c == '@' && !(isInPath && at >= 0)) {
                at = end;
            } else if (c == ':' && colon < 0) {
                colon = end;
            }
        }
        if (at <= from) {
            return null;
        }
        if (colon >= 0 && colon < at) {
            return isHarmless(text.substring(colon + 1, at)) ? null : Finding.secret(colon + 1, at, "password");
        }
        return at - from < LEAST_USER || isHarmless(text.substring(from, at))
                ? null
                : Finding.secret(from, at, "token");
    }

    private boolean isPort(int from, int to) {
        int at = from;
        while (at < to && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at == to && from < to;
    }

    private static boolean isHarmless(String value) {
        return value.isEmpty() || Tokens.isToken(value) || SecretLines.isHarmless(value);
    }

    private Finding bearer(int from) {
        int end = Characters.endOfWord(text, from, "._~+/=-", LONGEST_TOKEN);
        int length = end - from;
        boolean isWord = text.substring(from, end).chars().noneMatch(c -> c >= '0' && c <= '9');
        return length < LEAST_BEARER || (isWord && length < SURELY_BEARER) ? null : Finding.secret(from, end, "token");
    }

    private Finding basic(int from) {
        int end = Characters.endOfWord(text, from, "+/=_-", LONGEST_TOKEN);
        try {
            String credentials = new String(
                    Base64.getDecoder()
                            .decode(text.substring(from, end).replace('-', '+').replace('_', '/')),
                    StandardCharsets.UTF_8);
            return credentials.indexOf(':') < 0 ? null : Finding.secret(from, end, "credentials");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** {@code password: x} in a message. In text of several lines {@link SecretLines} knows better. */
    private Finding password(int from) {
        if (hasLines) {
            return null;
        }
        int at = Characters.endOfWord(text, from, "_-", LONGEST_NAME);
        at = skip(text, at, "\"'");
        at = skip(text, at, " ");
        if (at >= text.length() || text.charAt(at) != ':') {
            return null;
        }
        int start = skip(text, at + 1, " \"'");
        int end = start;
        while (end < text.length() && end - start < LONGEST_TOKEN && " \t\"',;)]}".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        // "spec.password: Required value" is prose.
        boolean isProse =
                end < text.length() && text.substring(start, end).chars().allMatch(Character::isLetter);
        return isProse || isHarmless(text.substring(start, end)) ? null : Finding.secret(start, end, "password");
    }

    /** {@code --password x}. */
    private Finding flag(int from) {
        int end = Characters.endOfWord(text, from, "_.-", LONGEST_NAME);
        int start = skip(text, end, " \"'");
        if (start == end || start >= text.length() || text.charAt(start) == '-') {
            return null;
        }
        int stop = start;
        while (stop < text.length() && stop - start < LONGEST_TOKEN && " \t\r\n\"';&|".indexOf(text.charAt(stop)) < 0) {
            stop++;
        }
        return !names.isSecretField(text.substring(from, end)) || isHarmless(text.substring(start, stop))
                ? null
                : Finding.secret(start, stop, text.substring(from, end));
    }

    /**
     * From {@code -----BEGIN } to the end mark, or the text's end if there is none. Of requests for certificates only those that hold a
     * password, which authorities ask for to revoke.
     */
    private Finding privateKey(int from) {
        int line = text.indexOf("-----", from);
        if (line < 0 || line - from > LONGEST_NAME) {
            return null;
        }
        String label =
                text.substring(from, line).replace("%20", " ").replace('+', ' ').replace('_', ' ');
        boolean isKey = label.contains(PRIVATE_KEY);
        if (!isKey && !label.contains(REQUEST)) {
            return null;
        }
        int begin = line + "-----".length();
        // What is no secret is looked at up to the next mark only: there may be another beginning in every line.
        int mark = text.indexOf(isKey ? "-----END" : "-----", begin);
        int end = mark < 0 ? text.length() : mark;
        begin = skipBreaks(text, begin, end);
        end = trimBreaks(text, begin, end);
        if (begin >= end || Tokens.isToken(text.substring(begin, end))) {
            return null;
        }
        return isKey || hasPassword(text.substring(begin, end))
                ? Finding.secret(begin, end, isKey ? PRIVATE_KEY : REQUEST)
                : null;
    }

    /** Whether it holds the attribute challengePassword of PKCS #9. */
    private static boolean hasPassword(String request) {
        try {
            String der = new String(
                    Base64.getMimeDecoder().decode(request.replace("\\n", "\n").replace("%0A", "\n")),
                    StandardCharsets.ISO_8859_1);
            return der.contains(CHALLENGE_PASSWORD);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int skipBreaks(String text, int from, int to) {
        int at = from;
        while (at < to) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("\\n", at) || text.startsWith("\\r", at)) {
                at += 2;
            } else if (text.startsWith("%0A", at) || text.startsWith("%0D", at)) {
                at += 3;
            } else {
                break;
            }
        }
        return Math.min(at, to);
    }

    private static int trimBreaks(String text, int from, int to) {
        int end = to;
        while (end > from) {
            if (Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            } else if (end - 2 >= from && (text.startsWith("\\n", end - 2) || text.startsWith("\\r", end - 2))) {
                end -= 2;
            } else if (end - 3 >= from && (text.startsWith("%0A", end - 3) || text.startsWith("%0D", end - 3))) {
                end -= 3;
            } else {
                break;
            }
        }
        return end;
    }

    private static int skip(String text, int from, String what) {
        int at = from;
        while (at < text.length() && what.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }
}
