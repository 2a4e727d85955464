/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.testing.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFramerTest {

    private final List<String> lines = new ArrayList<>();
    private final LineFramer framer = new LineFramer((bytes, offset, length) -> lines.add(text(bytes, offset, length)));

    @Test
    void linesAreTheSameWhereverTheStreamIsCut() throws Exception {
        byte[] stream = bytes("{\"a\":\"ü 𝄞 \u2028\"}\n{}\n{\"b\":2}\n");
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                lines.clear();
                framer.accept(ByteBuffer.wrap(stream, 0, first));
                framer.accept(ByteBuffer.wrap(stream, first, second - first));
                framer.accept(ByteBuffer.wrap(stream, second, stream.length - second));
                assertThat(lines)
                        .as("cut at %d and %d", first, second)
                        .containsExactly("{\"a\":\"ü 𝄞 \u2028\"}", "{}", "{\"b\":2}");
            }
        }
    }

    @Test
    void randomLinesInRandomPieces() throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            String line = random.ints(1 + random.nextInt(random.nextInt(20) == 0 ? 200_000 : 300), 0x20, 0x2FF)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            expected.add(line);
            stream.append(line).append('\n');
        }
        ByteBuffer bytes = ByteBuffer.wrap(bytes(stream.toString()));
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), 1 + random.nextInt(random.nextBoolean() ? 40 : 60_000));
            framer.accept(bytes.slice(bytes.position(), count).asReadOnlyBuffer());
            bytes.position(bytes.position() + count);
        }
        assertThat(lines).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void aLineOfManyMegabytesArrivesWholeAndTheNextOneToo() throws Exception {
        String large = "x".repeat(5_000_000);
        byte[] stream = bytes(large + "\nsmall\n");
        for (int at = 0; at < stream.length; at += 16_384) {
            framer.accept(ByteBuffer.wrap(stream, at, Math.min(16_384, stream.length - at)));
        }
        assertThat(lines).containsExactly(large, "small");
    }

    @Test
    void aLineIsOneOnlyWhenItHasEnded() throws Exception {
        framer.accept(ByteBuffer.wrap(bytes("{\"half\":")));
        assertThat(lines).isEmpty();
        framer.accept(ByteBuffer.wrap(bytes("true}")));
        assertThat(lines).isEmpty();
        framer.accept(ByteBuffer.wrap(bytes("\n")));
        assertThat(lines).containsExactly("{\"half\":true}");
    }

    @Test
    void emptyLinesAreNone() throws Exception {
        framer.accept(ByteBuffer.wrap(bytes("\n\na\n\n\nb\n\n")));
        assertThat(lines).containsExactly("a", "b");
    }

    @Test
    void whatTheReceiverThrowsEndsTheStream() {
        LineFramer failing = new LineFramer((bytes, offset, length) -> {
            throw new IOException("the disk is full");
        });
        assertThatThrownBy(() -> failing.accept(ByteBuffer.wrap(bytes("a\n"))))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");
    }

    @Test
    void aLineThatIsTooLongIsSkippedWhereverTheStreamIsCutAndTheNextOneArrives() throws Exception {
        byte[] stream = bytes("0123456789\n" + "x".repeat(11) + "\nshort\n" + "y".repeat(300) + "\n\nlast\n");
        for (int piece = 1; piece <= stream.length; piece++) {
            List<String> received = new ArrayList<>();
            LineFramer bounded = new LineFramer(
                    new LineFramer.Lines() {
                        @Override
                        public void accept(byte[] bytes, int offset, int length) {
                            received.add(text(bytes, offset, length));
                        }

                        @Override
                        public void tooLong(long length) {
                            received.add("too long: " + length);
                        }
                    },
                    10);
            for (int at = 0; at < stream.length; at += piece) {
                bounded.accept(ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at)));
            }
            assertThat(received)
                    .as("in pieces of %d", piece)
                    .containsExactly("0123456789", "too long: 11", "short", "too long: 300", "last");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
