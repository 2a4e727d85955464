/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

/** What a character of ASCII may be part of. */
final class Characters {

    static final int UPPER = 1;
    static final int LOWER = 2;
    static final int DIGIT = 4;

    /** Of base64 in either alphabet, besides letters and digits. */
    static final int BASE64_SIGN = 8;

    static final int BASE64 = UPPER | LOWER | DIGIT | BASE64_SIGN;

    /** Stands between the groups of a card's number. */
    static final int GAP = 16;

    static final int AT = 32;

    private static final byte[] CLASSES = new byte[256];

    static {
        for (int c = 0; c < 128; c++) {
            int is = 0;
            is |= c >= 'A' && c <= 'Z' ? UPPER : 0;
            is |= c >= 'a' && c <= 'z' ? LOWER : 0;
            is |= c >= '0' && c <= '9' ? DIGIT : 0;
            is |= c == '+' || c == '/' || c == '-' || c == '_' ? BASE64_SIGN : 0;
            is |= c == ' ' || c == '-' ? GAP : 0;
            is |= c == '@' ? AT : 0;
            CLASSES[c] = (byte) is;
        }
    }

    private Characters() {}

    static int of(int c) {
        return c < 256 ? CLASSES[c] : 0;
    }

    static boolean isWord(int c) {
        return (of(c) & (UPPER | LOWER | DIGIT)) != 0;
    }

    /** Whether what is before a place in a text is no part of a word. */
    static boolean isBoundary(String text, int at) {
        return at <= 0 || !isWord(text.charAt(at - 1));
    }

    /** The end of what may be in a word, or is one of the others. */
    static int endOfWord(String text, int from, String others, int most) {
        int at = from;
        int limit = (int) Math.min(text.length(), (long) from + most);
        while (at < limit && (isWord(text.charAt(at)) || others.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at;
    }

    /**
     * Whether an escape of JSON may be a character with which a secret begins: whoever wrote it may have escaped anything. The API
     * server itself escapes {@code <}, {@code >} and {@code &} and what has to be escaped.
     *
     * @param letter where the letter after the backslash is
     */
    static boolean mayHide(byte[] json, int letter) {
        boolean isByGo = isAt(json, letter, "u003c") || isAt(json, letter, "u003e") || isAt(json, letter, "u0026");
        return letter < json.length && (json[letter] == '/' || (json[letter] == 'u' && !isByGo));
    }

    private static boolean isAt(byte[] json, int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (from + i >= json.length || json[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
