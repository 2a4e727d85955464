/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A value in the midst of a text in base64. Characters stand for 6 bits: those at its ends may hold bits of its neighbours, too. Between
 * them the characters depend on nothing but the value and how many bytes come before it, modulo 3.
 */
final class SubjectBase64 {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int BYTE = 8;
    private static final int CHARACTER = 6;

    private SubjectBase64() {}

    /** The characters that only the value decides. */
    static String inner(byte[] value, int before) {
        return whole(value, before).substring(first(before), last(value.length, before));
    }

    private static String whole(byte[] value, int before) {
        byte[] padded = new byte[before + value.length + 3];
        System.arraycopy(value, 0, padded, before, value.length);
        return Base64.getEncoder().withoutPadding().encodeToString(padded);
    }

    private static int first(int before) {
        return Math.ceilDiv(before * BYTE, CHARACTER);
    }

    private static int last(int length, int before) {
        return (before + length) * BYTE / CHARACTER;
    }

    /** How long a value is whose inner characters are so many. */
    private static int bytes(int characters, int before) {
        int most = Math.ceilDiv((first(before) + characters) * CHARACTER, BYTE) - before;
        return last(most, before) == first(before) + characters ? most : most - 1;
    }

    /**
     * Puts as many letters in the place of the value.
     *
     * @param at where its inner characters are
     */
    static void overwrite(byte[] text, int at, int characters, int before) {
        int length = bytes(characters, before);
        byte[] letters = new byte[length];
        Arrays.fill(letters, (byte) 'x');
        String other = whole(letters, before);
        int first = first(before);
        byte[] inner = other.substring(first, first + characters).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(inner, 0, text, at, characters);
        int shared = first * CHARACTER - before * BYTE;
        if (shared > 0) {
            mix(text, at - 1, other.charAt(first - 1), (1 << shared) - 1);
        }
        int after = (before + length) * BYTE - (first + characters) * CHARACTER;
        if (after > 0) {
            mix(text, at + characters, other.charAt(first + characters), ((1 << after) - 1) << (CHARACTER - after));
        }
    }

    private static void mix(byte[] text, int at, char other, int mask) {
        int own = at < 0 || at >= text.length ? -1 : value((char) text[at]);
        if (own >= 0) {
            text[at] = (byte) ALPHABET.charAt((own & ~mask) | (value(other) & mask));
        }
    }

    private static int value(char c) {
        return ALPHABET.indexOf(c == '-' ? '+' : c == '_' ? '/' : c);
    }
}
