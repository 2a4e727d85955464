/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was recorded before a column was there. */
class OlderTableTest {

    private static final String COLUMN = "working_directory";
    private static final String FIELD = "\"id\":30,\"name\":\"" + COLUMN + "\",\"required\":false";

    @TempDir
    private Path directory;

    private NodeLanding landing;

    @BeforeEach
    void unpack() throws IOException {
        OlderTable.unpack(directory.resolve("recording"));
        landing = new NodeLanding(directory);
    }

    @Test
    void itsRowsAreReadAndHaveNothingThere() throws Exception {
        assertThat(landing.exits()).hasSize(30).contains("n1 5000000004 u2 8", "n1 7000000000 u0 0");
        assertThat(directories()).hasSize(30).containsOnly("");
        assertThat(landing.damages()).isEmpty();
    }

    @Test
    void compactionTakesThemOverTogetherWithNewOnes() throws Exception {
        List<String> before = landing.exits();

        assertThat(landing.compaction(landing.store()).run()).isEqualTo(1);
        assertThat(landing.exits()).isEqualTo(before);
        assertThat(metadata()).contains(FIELD);
        landing.land("n1", 3, true);
        landing.land("n2", 0, true);
        landing.compaction(landing.store()).run();

        assertThat(landing.exits()).hasSize(50).containsAll(before);
        assertThat(directories()).containsOnly("");
        assertThat(landing.damages()).isEmpty();
    }

    @Test
    void enginesAreToldOfTheColumnAtOnce() throws Exception {
        RecordingTable table = NodeCommits.open(landing.store(), NodeLanding.LAYOUT, LandingTable.PROCESS_EVENTS);

        assertThat(metadata()).doesNotContain(COLUMN);
        assertThat(table.published().orElseThrow().metadata()).contains(FIELD);
    }

    private List<String> directories() throws IOException {
        return landing.tables().rows(LandingTable.PROCESS_EVENTS, 0, Long.MAX_VALUE, _ -> true).stream()
                .map(row -> row.text(COLUMN))
                .toList();
    }

    /** Of the newest commit, as it is stored. */
    private String metadata() throws IOException {
        Path folder = directory.resolve("recording/" + NodeLanding.LAYOUT.table("process_events") + "/metadata");
        try (Stream<Path> files = Files.list(folder)) {
            return Files.readString(files.filter(each -> each.toString().endsWith(".metadata.json"))
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow());
        }
    }
}
