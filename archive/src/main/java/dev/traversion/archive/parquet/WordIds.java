/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Numbers the distinct words of a row group, and keeps the numbers of its values. */
final class WordIds {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final ByteBuilder entries = new ByteBuilder(1024);
    private int[] ids = new int[1024];
    private int count;
    private String last;
    private int lastId;

    private byte[] least;
    private byte[] greatest;

    void add(String word) {
        // the rows are sorted, so most words repeat the one before
        if (!word.equals(last)) {
            Integer known = numbers.get(word);
            lastId = known == null ? enter(word) : known;
            last = word;
        }
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, count * 2);
        }
        ids[count++] = lastId;
    }

    private int enter(String word) {
        int id = numbers.size();
        numbers.put(word, id);
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        entries.writeInt(bytes.length);
        entries.write(bytes, 0, bytes.length);
        if (least == null || Arrays.compareUnsigned(bytes, least) < 0) {
            least = bytes;
        }
        if (greatest == null || Arrays.compareUnsigned(bytes, greatest) > 0) {
            greatest = bytes;
        }
        return id;
    }

    int size() {
        return numbers.size();
    }

    /** Length-prefixed words, as a dictionary page holds them. */
    ByteBuilder entries() {
        return entries;
    }

    /** How many values there are. */
    int count() {
        return count;
    }

    byte[] least() {
        return least;
    }

    byte[] greatest() {
        return greatest;
    }

    /** Appends the bit width and the ids, as a data page holds them. */
    void writeTo(ByteBuilder page) {
        int bitWidth = HybridRuns.bitWidth(Math.max(numbers.size() - 1, 0));
        page.write(bitWidth);
        HybridRuns.encode(ids, count, bitWidth, page);
    }

    void clear() {
        numbers.clear();
        entries.clear();
        count = 0;
        last = null;
        least = null;
        greatest = null;
    }
}
