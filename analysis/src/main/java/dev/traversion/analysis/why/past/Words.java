/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Names and values to look for in the text of an object without parsing it. */
public final class Words {

    private final List<byte[]> words;
    private final boolean[] first = new boolean[256];

    private Words(List<byte[]> words) {
        this.words = words;
        words.forEach(word -> first[word[1]] = true);
    }

    /** Whole JSON strings, such as {@code waiting}; of ASCII. */
    public static Words of(String... words) {
        return new Words(Stream.of(words)
                .map(word -> ('"' + word + '"').getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    /** Whether any of them is in it. */
    public boolean anyIn(byte[] text) {
        for (int i = 0; i < text.length - 1; i++) {
            if (text[i] == '"' && first[text[i + 1] & 0xff]) {
                for (byte[] word : words) {
                    if (isAt(text, i, word)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isAt(byte[] text, int at, byte[] word) {
        if (at + word.length > text.length) {
            return false;
        }
        for (int i = 1; i < word.length; i++) {
            if (text[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }
}
