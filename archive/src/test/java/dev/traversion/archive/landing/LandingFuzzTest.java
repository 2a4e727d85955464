/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import dev.traversion.archive.TraversionException;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import dev.traversion.fuzzing.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class LandingFuzzTest implements FuzzTargets {

    private static final LandingName NAME = new LandingName("fuzz", 1, 1);
    private static final int ENOUGH = 64 << 20;

    @TempDir
    private Path directory;

    /** Rows of any content come back; cut anywhere, the blocks before the cut do. */
    @FuzzTest
    void rowsComeBackAndATornTailIsTorn(byte[] input) throws Exception {
        Choices choices = new Choices(input);
        Path landing = Files.createTempDirectory(directory, "landing");
        List<String> written = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        try (LandingWriter writer = new LandingWriter(landing, NAME)) {
            for (int i = 0; i < 8 && !choices.isSpent(); i++) {
                StringBuilder text = new StringBuilder();
                writer.append(block(choices, text));
                written.add(text.toString());
                ends.add(writer.bytes());
            }
        }
        Path file = landing.resolve(NAME.path());
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        Files.delete(file.getParent());
        Files.delete(landing);
        assertThat(read(ByteBuffer.wrap(bytes))).isEqualTo(written);
        int cut = choices.below(bytes.length);
        int whole = (int) ends.stream().filter(end -> end <= cut).count();
        assertThat(read(ByteBuffer.wrap(bytes, 0, cut))).isEqualTo(written.subList(0, whole));
    }

    /** Whatever a file holds, it is read as nothing or refused, with the byte, and its lengths are not believed. */
    @FuzzTest
    void anyFileIsTornOrRefused(byte[] input) throws Exception {
        Memory.atMost(ENOUGH, () -> readOrRefuse(ByteBuffer.wrap(input)));
    }

    /** So is a block with any content whose checksums are right. */
    @FuzzTest
    void anyContentOfABlockIsRefusedOrMakesSense(byte[] input) throws Exception {
        Choices choices = new Choices(input);
        int rows = 1 + choices.below(20);
        int table = choices.below(7);
        int columns = choices.below(25);
        byte[] content = choices.rest();
        byte[] header = LandingFormat.fileHeader(NAME);
        ByteBuffer payload = ByteBuffer.wrap(Zstd.compress(content));
        ByteBuffer file = ByteBuffer.allocate(header.length + LandingFormat.BLOCK_HEADER + payload.remaining())
                .put(header)
                .put(LandingFormat.blockHeader(
                        payload.remaining(), content.length, rows, table, columns, LandingFormat.crc(payload)))
                .put(payload)
                .flip();
        Memory.atMost(ENOUGH, () -> readOrRefuse(file));
    }

    private static RowBlock block(Choices choices, StringBuilder text) {
        LandingTable table = choices.of(List.of(LandingTable.values()));
        RowBlock block = new RowBlock(table);
        text.append(table).append('\n');
        int rows = 1 + choices.below(5);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < table.columns().size(); column++) {
                boolean isText = table.columns().get(column).isText();
                Object value = isText ? choices.text(9) : (Object) choices.number();
                Landed.set(block, column, value);
                text.append(value).append(' ');
            }
            block.endRow();
            text.append('\n');
        }
        return block;
    }

    private static void readOrRefuse(ByteBuffer bytes) throws IOException {
        try {
            read(bytes);
        } catch (TraversionException e) {
            assertThat(e)
                    .hasMessageContaining("rows.trow")
                    .hasMessageMatching("(?s).*(at byte \\d+|newer Traversion).*");
        }
    }

    private static List<String> read(ByteBuffer bytes) {
        LandingReader reader = new LandingReader("rows.trow", bytes);
        List<String> blocks = new ArrayList<>();
        for (Optional<LandedRows> rows = reader.next(); rows.isPresent(); rows = reader.next()) {
            blocks.add(Landed.text(rows.get()));
        }
        return blocks;
    }
}
