/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.terminal;

/** Text that is broken into lines between its words, as wide as a terminal. */
public final class Paragraph {

    /** Lines that are narrower than this are not worth it. */
    private static final int LEAST = 40;

    private static final char ESCAPE = '\u001b';

    private Paragraph() {}

    /**
     * The text with line breaks; what colors it takes no room. Words that are longer than a line stay whole.
     *
     * @param columns of the terminal; narrow ones break nothing
     * @param indent before every line but the first
     */
    public static String wrap(String text, int columns, String indent) {
        if (columns < LEAST) {
            return text;
        }
        StringBuilder wrapped = new StringBuilder(text.length() + 16);
        int column = 0;
        boolean hasWord = false;
        int at = 0;
        while (at < text.length()) {
            int begin = at;
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            int word = at;
            while (at < text.length() && text.charAt(at) != ' ') {
                at++;
            }
            int blanks = word - begin;
            int width = width(text, word, at);
            if (hasWord && column + blanks + width > columns) {
                wrapped.append('\n').append(indent);
                column = indent.length();
            } else {
                wrapped.append(text, begin, word);
                column += blanks;
            }
            wrapped.append(text, word, at);
            column += width;
            hasWord = true;
        }
        return wrapped.toString();
    }

    private static int width(String text, int from, int to) {
        int width = 0;
        boolean isColor = false;
        for (int i = from; i < to; i++) {
            char each = text.charAt(i);
            isColor |= each == ESCAPE;
            width += isColor ? 0 : 1;
            isColor &= each != 'm';
        }
        return width;
    }
}
