/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.fuzzing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Makes decisions of bytes, so that a fuzzer that changes bytes changes decisions. Without bytes every decision is the first. */
public final class Choices {

    private final byte[] bytes;
    private int at;

    public Choices(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean isSpent() {
        return at >= bytes.length;
    }

    /** A byte, from 0 to 255; 0 at the end. */
    public int next() {
        return isSpent() ? 0 : bytes[at++] & 0xFF;
    }

    public boolean yes() {
        return (next() & 1) == 1;
    }

    /** From 0 to {@code bound - 1}. */
    public int below(int bound) {
        int value = next();
        for (int limit = 256; limit < bound; limit <<= 8) {
            value = value << 8 | next();
        }
        return Math.floorMod(value, bound);
    }

    public long number() {
        long value = 0;
        for (int i = below(9); i > 0; i--) {
            value = value << 8 | next();
        }
        return yes() ? -value : value;
    }

    public <T> T of(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** Up to so many bytes. */
    public byte[] bytes(int most) {
        int length = Math.min(below(most + 1), bytes.length - Math.min(at, bytes.length));
        byte[] taken = Arrays.copyOfRange(bytes, Math.min(at, bytes.length), Math.min(at, bytes.length) + length);
        at += length;
        return taken;
    }

    /** Text of up to so many bytes; any characters. */
    public String text(int most) {
        return new String(bytes(most), StandardCharsets.UTF_8);
    }

    /** All that is left. */
    public byte[] rest() {
        return bytes(bytes.length);
    }
}
