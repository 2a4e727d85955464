/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandingTest {

    private static final LandingName NAME = new LandingName("node-1", 7, 3);

    @TempDir
    private Path landing;

    @Test
    void rowsOfSeveralTablesComeBackInOrder() throws Exception {
        byte[] bytes = write(List.of(flows(3, 1), gaps(2), flows(1, 2)));

        List<String> read = read(bytes);

        assertThat(read)
                .containsExactly(
                        text(LandingTable.FLOWS, 3, 1), text(LandingTable.GAPS, 2, 2), text(LandingTable.FLOWS, 1, 2));
    }

    @Test
    void aBlockTakesNoMoreRowsThanAReaderBelieves() throws Exception {
        RowBlock block = new RowBlock(LandingTable.CLOCK);
        int rows = 0;
        while (!block.isFull()) {
            block.set(0, rows++);
            block.endRow();
        }
        assertThatThrownBy(block::endRow).isInstanceOf(IllegalStateException.class);

        LandedRows read = new LandingReader("full", ByteBuffer.wrap(write(List.of(block))))
                .next()
                .orElseThrow();

        assertThat(read.rows()).isEqualTo(rows);
        assertThat(read.number(rows - 1, 0)).isEqualTo(rows - 1);
        assertThat(block.rows()).as("rows left in the block once it is written").isZero();
    }

    @Test
    void cutAnywhereTheBlocksBeforeTheCutAreRead() throws Exception {
        List<Integer> ends = new ArrayList<>();
        byte[] bytes = write(List.of(flows(3, 1), gaps(2), flows(1, 2)), ends);

        for (int cut = 0; cut < bytes.length; cut++) {
            int length = cut;
            long whole = ends.stream().filter(end -> end <= length).count();
            LandingReader reader = new LandingReader("cut", ByteBuffer.wrap(bytes, 0, cut));
            assertThat(all(reader)).as("cut at %d", cut).hasSize((int) whole);
            assertThat(reader.ended()).as("ended, cut at %d", cut).isFalse();
        }
        LandingReader reader = new LandingReader("whole", ByteBuffer.wrap(bytes));
        assertThat(all(reader)).hasSize(3);
        assertThat(reader.ended()).isTrue();
    }

    /** A flipped bit never gives other rows: it is refused, or taken for a torn tail. */
    @Test
    void everyFlippedByteIsSeen() throws Exception {
        byte[] bytes = write(List.of(flows(3, 1), gaps(2)));
        List<String> whole = read(bytes);
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= 0x10;
            try {
                LandingReader reader = new LandingReader("flipped", ByteBuffer.wrap(changed));
                List<String> read = all(reader);
                boolean minorVersion = at == 6 || at == 7;
                assertThat(reader.ended() && !minorVersion)
                        .as("whole in spite of byte %d", at)
                        .isFalse();
                assertThat(whole.subList(0, read.size())).isEqualTo(read);
            } catch (TraversionException e) {
                assertThat(e).hasMessageContaining("flipped");
            }
        }
    }

    @Test
    void aNewerMajorVersionIsRefusedInASentence() throws Exception {
        byte[] bytes = write(List.of(gaps(1)));
        bytes[5] = 9;

        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("was written by a newer Traversion")
                .hasMessageContaining("Update kubectl-traversion");
    }

    @Test
    void aTableOfTheFutureIsSkipped() throws Exception {
        byte[] payload = com.github.luben.zstd.Zstd.compress(new byte[] {1, 2, 3});
        byte[] header = LandingFormat.fileHeader(NAME);
        byte[] known = write(List.of(gaps(2)));
        ByteBuffer file = ByteBuffer.allocate(known.length + LandingFormat.BLOCK_HEADER + payload.length)
                .put(header)
                .put(LandingFormat.blockHeader(
                        payload.length, 3, 5, 999, 1, LandingFormat.crc(ByteBuffer.wrap(payload))))
                .put(payload)
                .put(known, header.length, known.length - header.length);

        assertThat(read(file.array())).containsExactly(text(LandingTable.GAPS, 2, 2));
    }

    @Test
    void noFileIsWrittenTwice() throws Exception {
        write(List.of(gaps(1)));

        assertThatThrownBy(() -> new LandingWriter(landing, NAME)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> new LandingName("../x", 1, 1)).isInstanceOf(TraversionException.class);
    }

    /** The connections of a busy node: 50 services, 20 pods, random ports and durations. */
    @Test
    void aLandedFlowTakesFewBytes() throws Exception {
        Random random = new Random(1);
        RowBlock block = new RowBlock(LandingTable.FLOWS);
        long time = 5_000_000_000_000L;
        int rows = 10_000;
        for (int i = 0; i < rows; i++) {
            time += random.nextInt(200_000);
            int pod = random.nextInt(20);
            set(block, "time", time);
            set(block, "kind", "connected");
            set(block, "started", time - random.nextInt(5_000_000));
            set(block, "pid", 2000 + pod);
            set(block, "process_start", 1_000_000_000L * pod + 12345);
            set(block, "cgroup", 9000 + pod);
            set(block, "pod_uid", "0a1b2c3d-0000-4000-8000-0000000000%02d".formatted(pod));
            set(block, "container_id", "%064x".formatted(pod));
            set(block, "local_address", "10.1.0." + pod);
            set(block, "local_port", 32768 + random.nextInt(28000));
            set(block, "remote_address", "10.96.0." + random.nextInt(50));
            set(block, "remote_port", 8080);
            set(block, "network_namespace", 4026532000L + pod);
            set(block, "sent_bytes", 100 + random.nextInt(100));
            set(block, "received_bytes", 1000 + random.nextInt(4000));
            set(block, "round_trip_us", 50 + random.nextInt(100));
            block.endRow();
        }

        double bytesPerRow = (double) write(List.of(block)).length / rows;

        System.out.printf("landed flow: %.1f bytes a row%n", bytesPerRow);
        assertThat(bytesPerRow).isLessThan(18);
    }

    private static void set(RowBlock block, String column, long value) {
        block.set(block.table().column(column), value);
    }

    private static void set(RowBlock block, String column, String value) {
        block.set(block.table().column(column), value);
    }

    private static RowBlock flows(int rows, int seed) {
        return Landed.rows(LandingTable.FLOWS, rows, new Random(seed), new StringBuilder());
    }

    private static RowBlock gaps(int rows) {
        return Landed.rows(LandingTable.GAPS, rows, new Random(rows), new StringBuilder());
    }

    private static String text(LandingTable table, int rows, int seed) {
        StringBuilder text = new StringBuilder();
        Landed.rows(table, rows, new Random(seed), text);
        return text.toString();
    }

    private byte[] write(List<RowBlock> blocks) throws IOException {
        return write(blocks, new ArrayList<>());
    }

    private byte[] write(List<RowBlock> blocks, List<Integer> ends) throws IOException {
        try (LandingWriter writer = new LandingWriter(landing, NAME)) {
            for (RowBlock block : blocks) {
                writer.append(block);
                ends.add((int) writer.bytes());
            }
        }
        return Files.readAllBytes(landing.resolve(NAME.path()));
    }

    private static List<String> read(byte[] bytes) {
        return all(new LandingReader("rows.trow", ByteBuffer.wrap(bytes)));
    }

    private static List<String> all(LandingReader reader) {
        List<String> blocks = new ArrayList<>();
        for (Optional<LandedRows> rows = reader.next(); rows.isPresent(); rows = reader.next()) {
            blocks.add(Landed.text(rows.get()));
        }
        return blocks;
    }
}
