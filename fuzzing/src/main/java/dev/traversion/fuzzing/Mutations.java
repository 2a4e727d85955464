/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.fuzzing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes inputs out of kept ones: no coverage guides it, but it needs no instrumentation and can be repeated from its seed. */
final class Mutations {

    private static final int LARGEST = 1 << 14;

    /** What programs tend to trip over. */
    private static final List<byte[]> TOKENS = List.of(
            text("{"),
            text("}"),
            text("["),
            text("]"),
            text("\""),
            text("\\"),
            text("\\u0000"),
            text(","),
            text(":"),
            text("\n"),
            text("null"),
            text("true"),
            text("0"),
            text("-1"),
            text("1e999"),
            text("9223372036854775808"),
            text("\uD83D\uDE00"),
            text("{\"a\":"),
            text("[["),
            text("="),
            text("!="),
            text(" in ("),
            text("../"),
            text("'"),
            text("$"),
            text(".."),
            new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0x7F},
            new byte[] {(byte) 0x80},
            new byte[] {(byte) 0xC3},
            new byte[] {0, 0, 0, 0},
            new byte[] {
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                (byte) 0xFF,
                1
            });

    private final Random random;
    private final List<byte[]> kept;

    Mutations(long seed, List<byte[]> kept) {
        this.random = new Random(seed);
        this.kept = kept;
    }

    private static byte[] text(String token) {
        return token.getBytes(StandardCharsets.UTF_8);
    }

    byte[] next() {
        byte[] input = kept.isEmpty() || random.nextInt(20) == 0 ? noise(random.nextInt(64)) : one();
        for (int i = random.nextInt(6); i >= 0; i--) {
            input = mutated(input);
        }
        return input.length > LARGEST ? Arrays.copyOf(input, LARGEST) : input;
    }

    private byte[] one() {
        return kept.get(random.nextInt(kept.size()));
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] mutated(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + random.nextInt(1 + random.nextInt(random.nextBoolean() ? 8 : 64)));
        return switch (random.nextInt(7)) {
            case 0 -> flipped(input, from);
            case 1 -> replaced(input, from, to, new byte[0]);
            case 2 -> replaced(input, from, to, noise(to - from));
            case 3 -> replaced(input, from, from, TOKENS.get(random.nextInt(TOKENS.size())));
            case 4 -> replaced(input, from, to, TOKENS.get(random.nextInt(TOKENS.size())));
            case 5 -> replaced(input, from, from, piece(input));
            default -> replaced(input, from, to, kept.isEmpty() ? piece(input) : piece(one()));
        };
    }

    private byte[] flipped(byte[] input, int at) {
        byte[] flipped = input.clone();
        if (at < flipped.length) {
            flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] piece(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(input.length - from + 1);
        return Arrays.copyOfRange(input, from, to);
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + by.length);
        out.write(input, 0, from);
        out.write(by, 0, by.length);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }
}
