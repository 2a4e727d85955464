/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import dev.traversion.fuzzing.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class SegmentFuzzTest implements FuzzTargets {

    private static final SegmentName NAME = new SegmentName("test", 1, 1);
    private static final int ENOUGH = 16 << 20;

    @TempDir
    private Path directory;

    /** The records of a log, of any content, come back; cut anywhere, the first of them do. */
    @FuzzTest
    void recordsComeBackAndATornTailIsTorn(byte[] input) throws Exception {
        Choices choices = new Choices(input);
        Path log = Files.createTempDirectory(directory, "log");
        Path file = log.resolve(NAME.fileName());
        List<String> written = new ArrayList<>();
        int blockEnd;
        try (SegmentWriter writer = new SegmentWriter(log, NAME)) {
            byte[] body = {};
            for (int i = 0; i < 200 && !choices.isSpent(); i++) {
                if (choices.below(5) == 0) {
                    CoverageMark mark = mark(choices);
                    writer.add(mark);
                    written.add(mark.toString());
                } else {
                    body = choices.yes() ? choices.bytes(500) : edited(body, choices);
                    Change change = change(choices, body);
                    writer.add(change);
                    written.add(text(change));
                }
            }
            writer.sync();
            blockEnd = (int) Files.size(file);
        }
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        Files.delete(log);
        assertThat(read(bytes)).isEqualTo(written);
        assertThat(read(Arrays.copyOf(bytes, bytes.length - 1))).isEqualTo(written);
        if (!written.isEmpty()) {
            int cut = choices.below(blockEnd);
            assertThat(read(Arrays.copyOf(bytes, cut))).isEmpty();
        }
    }

    /** Whatever a file holds, it is read as nothing or refused, with the byte, and its lengths are not believed. */
    @FuzzTest
    void anyFileIsTornOrRefused(byte[] input) throws Exception {
        Memory.atMost(ENOUGH, () -> readOrRefuse(input));
    }

    /** So is a block with any content whose checksums are right. */
    @FuzzTest
    void anyContentOfABlockIsRefusedOrMakesSense(byte[] input) throws Exception {
        Choices choices = new Choices(input);
        int records = 1 + choices.below(20);
        byte[] content = choices.rest();
        byte[] header = SegmentFormat.fileHeader(NAME);
        ByteBuffer payload = ByteBuffer.wrap(Zstd.compress(content));
        ByteBuffer file = ByteBuffer.allocate(header.length + SegmentFormat.BLOCK_HEADER + payload.remaining())
                .put(header)
                .put(SegmentFormat.blockHeader(
                        payload.remaining(), content.length, records, SegmentFormat.crc(payload)))
                .put(payload);
        // a body of up to a block may be made of a few copies
        Memory.atMost(4L * SegmentFormat.LARGEST_BLOCK, () -> readOrRefuse(file.array()));
    }

    private static void readOrRefuse(byte[] bytes) throws IOException {
        try {
            read(bytes);
        } catch (TraversionException e) {
            assertThat(e)
                    .hasMessageContaining("segment.twal")
                    .hasMessageMatching("(?s).*(at byte \\d+|newer Traversion).*");
        }
    }

    private static ObjectKey key(Choices choices) {
        ResourceType type =
                new ResourceType(choices.of(List.of("", "apps", "a.b")), choices.of(List.of("pods", "things")));
        return new ObjectKey(type, choices.of(List.of("", "default")), choices.yes() ? "a" : choices.text(5));
    }

    private static Change change(Choices choices, byte[] body) {
        return new Change(
                key(choices),
                choices.text(3),
                choices.text(3),
                choices.text(9),
                choices.number(),
                choices.of(List.of(Operation.values())),
                body);
    }

    private static CoverageMark mark(Choices choices) {
        return new CoverageMark(
                key(choices).type(),
                choices.of(List.of(CoverageMark.Kind.values())),
                choices.number(),
                choices.text(9),
                choices.text(20));
    }

    private static byte[] edited(byte[] body, Choices choices) {
        byte[] edited = Arrays.copyOf(body, body.length + choices.below(20));
        for (int i = choices.below(4); i > 0 && edited.length > 0; i--) {
            edited[choices.below(edited.length)] = (byte) choices.next();
        }
        return edited;
    }

    private static List<String> read(byte[] bytes) throws IOException {
        List<String> read = new ArrayList<>();
        SegmentReader reader = new SegmentReader("segment.twal", new SegmentReader.Bytes() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ByteBuffer read(long offset, int length) {
                return ByteBuffer.wrap(bytes).slice((int) offset, length);
            }
        });
        reader.poll(new SegmentReader.Records() {
            @Override
            public void change(TailEntry entry) {
                read.add(text(entry));
            }

            @Override
            public void mark(CoverageMark mark) {
                read.add(mark.toString());
            }
        });
        return read;
    }

    private static String text(Change change) {
        return change.key() + " " + change.kind() + " " + change.uid() + " " + change.resourceVersion() + " "
                + change.observedAt() + " " + change.operation() + " " + hash(change.body());
    }

    private static String text(ObjectVersion version) {
        return version.key() + " " + version.kind() + " " + version.uid() + " " + version.resourceVersion() + " "
                + version.observedAt() + " " + version.operation() + " " + hash(version.body());
    }

    private static String hash(byte[] body) {
        return body.length + " " + HexFormat.of().toHexDigits(Arrays.hashCode(body));
    }
}
