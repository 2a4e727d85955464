/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

/** Recognises what is about people: addresses and the numbers of cards. */
final class Personal {

    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 255;
    static final int LEAST_DIGITS = 13;
    private static final int MOST_DIGITS = 19;

    private Personal() {}

    /** The address around an at sign; null if there is none. */
    static Finding email(String text, int at) {
        int start = at;
        while (start > 0
                && at - start < LONGEST_LOCAL
                && (Characters.isWord(text.charAt(start - 1)) || "._%+-".indexOf(text.charAt(start - 1)) >= 0)) {
            start--;
        }
        int end = Characters.endOfWord(text, at + 1, ".-", LONGEST_DOMAIN);
        while (end > at + 1 && !Characters.isWord(text.charAt(end - 1))) {
            end--;
        }
        int dot = end - 1;
        while (dot > at && text.charAt(dot) != '.') {
            dot--;
        }
        boolean isDomain = dot > at + 1
                && end - dot > 2
                && text.substring(dot + 1, end)
                        .chars()
                        .allMatch(c -> (Characters.of(c) & (Characters.UPPER | Characters.LOWER)) != 0);
        return start < at && isDomain ? Finding.secret(start, end, "email") : null;
    }

    /** The card's number that begins at a digit; null if none does. */
    static Finding card(String text, int from) {
        if (!Characters.isBoundary(text, from) || text.charAt(from) < '2' || text.charAt(from) > '6') {
            return null;
        }
        StringBuilder digits = new StringBuilder();
        int end = from;
        for (int at = from; at < text.length() && digits.length() <= MOST_DIGITS; at++) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                digits.append(c);
                end = at + 1;
            } else if ((c != ' ' && c != '-') || end != at) {
                break;
            }
        }
        boolean isWhole = end == text.length() || !Characters.isWord(text.charAt(end));
        return isWhole && isCard(digits) ? Finding.secret(from, end, "card") : null;
    }

    /** Whether the digits of a number are those of a card. */
    static boolean isCard(CharSequence digits) {
        if (digits.length() < LEAST_DIGITS || digits.length() > MOST_DIGITS) {
            return false;
        }
        if (digits.charAt(0) < '2' || digits.charAt(0) > '6') {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            int weighed = i % 2 == 0 ? digit : 2 * digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum % 10 == 0;
    }
}
