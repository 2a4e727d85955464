/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandedRows;
import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.RowBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    private static final long MINUTE = 60_000_000_000L;
    private static final long PLENTY = 1L << 40;

    @TempDir
    private Path landing;

    @Test
    void aFileIsEndedAfterItsTimeAndTheNextBegins() throws Exception {
        try (Spool spool = new Spool(landing, "n", 1, PLENTY, MINUTE)) {
            for (int i = 1; i <= 5; i++) {
                add(spool, LandingTable.GAPS, 1);
                spool.flush(100 * MINUTE + i * MINUTE);
            }
        }
        assertThat(files()).hasSize(2);
        assertThat(rows(LandingTable.GAPS)).isEqualTo(5);
    }

    /** The processes of a full node matter more than its connections, and that something was shed more than either. */
    @Test
    void whatIsFullShedsConnectionsFirstAndGapsNever() throws Exception {
        long limit = 100_000;
        try (Spool spool = new Spool(landing, "n", 1, limit, MINUTE)) {
            while (spool.bytes() < limit * 0.9) {
                add(spool, LandingTable.FLOWS, 50);
                spool.flush(1);
            }
            assertThat(spool.takeShed(LandingTable.FLOWS)).isZero();

            add(spool, LandingTable.FLOWS, 10);
            spool.flush(1);
            assertThat(spool.takeShed(LandingTable.FLOWS)).isEqualTo(10);
            assertThat(spool.takeShed(LandingTable.FLOWS)).isZero();
            assertThat(spool.shedReason()).isEqualTo("the spool is full");

            while (spool.bytes() < limit) {
                add(spool, LandingTable.PROCESS_EVENTS, 10);
                spool.flush(1);
            }
            assertThat(spool.takeShed(LandingTable.PROCESS_EVENTS)).isZero();
            add(spool, LandingTable.PROCESS_EVENTS, 7);
            add(spool, LandingTable.GAPS, 3);
            spool.flush(1);
            assertThat(spool.takeShed(LandingTable.PROCESS_EVENTS)).isEqualTo(7);
            assertThat(spool.takeShed(LandingTable.GAPS)).isZero();
        }
        assertThat(rows(LandingTable.GAPS)).isEqualTo(3);
        try (Spool again = new Spool(landing, "n", 2, limit, MINUTE)) {
            add(again, LandingTable.PROCESS_EVENTS, 1);
            again.flush(1);
            assertThat(again.takeShed(LandingTable.PROCESS_EVENTS))
                    .as("shed, since an earlier run has filled the spool")
                    .isEqualTo(1);
        }
    }

    @Test
    void aDiskThatTakesNothingCostsRowsButNotTheAgent() throws Exception {
        Path file = Files.createFile(landing.resolve("n"));
        try (Spool spool = new Spool(landing, "n", 1, PLENTY, MINUTE)) {
            // The node's folder cannot be made: there is a file of its name.
            add(spool, LandingTable.PROCESS_EVENTS, 4);
            spool.flush(1);
            assertThat(spool.takeShed(LandingTable.PROCESS_EVENTS)).isEqualTo(4);
            assertThat(spool.shedReason()).contains("the disk takes no more");

            Files.delete(file);
            add(spool, LandingTable.PROCESS_EVENTS, 5);
            spool.flush(2);
        }
        assertThat(rows(LandingTable.PROCESS_EVENTS)).isEqualTo(5);
    }

    /** Random numbers, which do not compress. */
    private static void add(Spool spool, LandingTable table, int rows) {
        Random random = new Random(rows);
        for (int i = 0; i < rows; i++) {
            RowBlock row = spool.block(table);
            for (int column = 0; column < table.columns().size(); column++) {
                if (!table.columns().get(column).isText()) {
                    row.set(column, random.nextLong());
                }
            }
            row.endRow();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(landing.resolve("n"))) {
            return files.sorted().toList();
        }
    }

    private int rows(LandingTable table) throws IOException {
        int rows = 0;
        for (Path file : files()) {
            LandingReader reader = new LandingReader(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            for (Optional<LandedRows> block = reader.next(); block.isPresent(); block = reader.next()) {
                rows += block.get().table() == table ? block.get().rows() : 0;
            }
            assertThat(reader.ended()).isTrue();
        }
        return rows;
    }
}
