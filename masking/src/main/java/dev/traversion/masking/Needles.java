/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import java.util.ArrayList;
import java.util.List;

/**
 * The texts with which what may be secret begins, found in bytes at less than the cost of reading them: of neighbours one bit tells that
 * none begins there.
 */
final class Needles {

    private static final int BITS = 12;
    private static final int MIX = 0x9E3779B1;

    private final long[] filter = new long[(1 << BITS) / Long.SIZE];
    private final long[] pairs = new long[(1 << 16) / Long.SIZE];
    private final Needle[][] slots = new Needle[1 << BITS][];

    /** What begins there. */
    enum Kind {
        TOKEN,
        JWT,
        URL,
        BEARER,
        BASIC,
        PASSWORD,
        FLAG,
        PRIVATE_KEY
    }

    /**
     * @param text at least three characters of ASCII
     * @param least of a token: how many characters it has at least after that text
     * @param also of a token: what it may hold besides letters, digits, dashes and underscores
     */
    record Needle(String text, Kind kind, int least, String also) {}

    Needles(List<Needle> needles) {
        for (Needle needle : needles) {
            String text = needle.text();
            int slot = slot(text.charAt(0) << 16 | text.charAt(1) << 8 | text.charAt(2));
            filter[slot >>> 6] |= 1L << slot;
            markPair(text.charAt(0) << 8 | text.charAt(1));
            markPair(text.charAt(1) << 8 | text.charAt(2));
            List<Needle> all = new ArrayList<>(slots[slot] == null ? List.of() : List.of(slots[slot]));
            all.add(needle);
            slots[slot] = all.toArray(new Needle[0]);
        }
    }

    private void markPair(int pair) {
        pairs[pair >>> 6] |= 1L << pair;
    }

    /**
     * Whether one is in a text. Every second pair of neighbours is looked at: one of two of each needle's first three characters is
     * among them.
     */
    boolean isIn(byte[] bytes, int from, int to) {
        for (int at = from; at < to - 1; at += 2) {
            int pair = (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
            if ((pairs[pair >>> 6] & 1L << pair) != 0
                    && ((at > from && begins(bytes, at - 1, to)) || begins(bytes, at, to))) {
                return true;
            }
        }
        return false;
    }

    private boolean begins(byte[] bytes, int at, int to) {
        if (at + 3 > to) {
            return false;
        }
        int three = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
        return mayBegin(three) && isOneAt(three, bytes, at, to);
    }

    private static int slot(int three) {
        return (three * MIX) >>> (Integer.SIZE - BITS);
    }

    /** Whether one may end its first three characters here: seldom wrong. */
    boolean mayBegin(int three) {
        int slot = slot(three);
        return (filter[slot >>> 6] & 1L << slot) != 0;
    }

    private boolean isOneAt(int three, byte[] bytes, int from, int to) {
        for (Needle needle : slots[slot(three)]) {
            String text = needle.text();
            if (from + text.length() <= to && isAt(text, bytes, from)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(String text, byte[] bytes, int from) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The one that begins at a place; null if none does. */
    Needle at(int three, String in, int from) {
        for (Needle needle : slots[slot(three)]) {
            if (in.startsWith(needle.text(), from)) {
                return needle;
            }
        }
        return null;
    }
}
