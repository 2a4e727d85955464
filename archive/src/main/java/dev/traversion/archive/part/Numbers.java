/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

/** Small numbers, each in as few bytes as the greatest of them needs. */
final class Numbers {

    private final byte[] bytes;
    private final char[] chars;
    private final int[] ints;

    Numbers(int[] values) {
        int greatest = 0;
        for (int value : values) {
            greatest |= value;
        }
        byte[] narrow = null;
        char[] middle = null;
        int[] wide = null;
        if (greatest >= 0 && greatest <= 0xff) {
            narrow = new byte[values.length];
            for (int i = 0; i < values.length; i++) {
                narrow[i] = (byte) values[i];
            }
        } else if (greatest >= 0 && greatest <= 0xffff) {
            middle = new char[values.length];
            for (int i = 0; i < values.length; i++) {
                middle[i] = (char) values[i];
            }
        } else {
            wide = values;
        }
        bytes = narrow;
        chars = middle;
        ints = wide;
    }

    int get(int i) {
        if (bytes != null) {
            return bytes[i] & 0xff;
        }
        return chars != null ? chars[i] : ints[i];
    }

    long weight() {
        if (bytes != null) {
            return bytes.length;
        }
        return chars != null ? 2L * chars.length : 4L * ints.length;
    }
}
