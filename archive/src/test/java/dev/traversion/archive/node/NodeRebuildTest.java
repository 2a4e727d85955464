/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import static dev.traversion.archive.node.NodeLanding.LAYOUT;
import static dev.traversion.archive.node.NodeLanding.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.testing.DyingStore;
import dev.traversion.archive.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table of nodes whose commits are damaged is put together again: no row is lost that is there, and none comes twice. */
class NodeRebuildTest {

    /** Of the recording. */
    private static final long START = 1_700_000_000_000_000_000L;

    private static final long NOW = 1_760_000_000_000_000_000L;

    @TempDir
    private Path directory;

    private NodeLanding nodes;

    @BeforeEach
    void record() throws IOException {
        // Four compactions, a landed file that is complete, and one that grows.
        nodes = new NodeLanding(directory.resolve("whole"));
        for (int run = 0; run < 4; run++) {
            nodes.land("n1", run, true);
            nodes.land("n2", run, true);
            nodes.compaction(nodes.store()).run();
        }
        nodes.land("n1", 4, true);
        nodes.land("n2", 4, false);
    }

    private void assertRepaired(List<String> rows, int agentsGaps, String which) throws IOException {
        // A run that was killed after its commit may have left that without a seal.
        assertThat(nodes.damages()).as(which).allMatch(damage -> damage.startsWith("note: "));
        assertThat(nodes.repair(nodes.store()).steps())
                .as(which + ": nothing is left to do")
                .isEmpty();
        assertThat(nodes.exits()).as(which).isEqualTo(rows);
        assertThat(nodes.toldByAgents()).as(which + ": gaps of agents").isEqualTo(agentsGaps);
        nodes.land("n2", 5, true);
        nodes.compaction(nodes.store()).run();
        assertThat(nodes.exits()).as(which + ": it goes on").containsAll(rows).hasSize(rows.size() + 10);
        assertThat(nodes.toldByAgents()).as(which + ": it goes on").isEqualTo(agentsGaps + 1);
        assertThat(nodes.damages()).as(which + ": it goes on").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "metadata,turned", "metadata,cut off", "metadata,gone",
        "list,turned", "list,cut off", "list,gone",
        "manifest,turned", "manifest,cut off", "manifest,gone",
        "seal,turned", "seal,cut off"
    })
    void whateverOfTheNewestCommitIsDamagedItsRowsComeBack(String kind, String how) throws Exception {
        List<String> rows = nodes.exits();
        String path = nodes.newest(kind);
        nodes.damage(path, how);
        assertThat(nodes.damages()).contains(path);

        NodeRepair repair = nodes.repair(nodes.store());
        assertThat(repair.files()).contains(path);
        assertThat(repair.steps())
                .anyMatch(step -> step.contains(path))
                .anyMatch(step -> step.contains(kind.equals("seal") ? "Commit 5 of" : "put together from commit 4"));
        repair.run(START, NOW);

        if (kind.equals("seal")) {
            assertThat(nodes.gaps()).as("nothing can be missing").isEmpty();
        } else {
            assertThat(nodes.gaps()).hasSize(2).allSatisfy(gap -> assertThat(gap)
                    .contains(" process_events: damaged: commit 5 of process_events cannot be read"));
        }
        assertRepaired(rows, 10, kind + " " + how);
    }

    @ParameterizedTest
    @ValueSource(strings = {"process_events", "gaps", "clock"})
    void aTableOfWhichNoCommitIsWholeIsMadeOfItsFiles(String table) throws Exception {
        List<String> rows = nodes.exits();
        for (StoredFile file : nodes.store().list(LAYOUT.table(table) + "/metadata/")) {
            if (file.path().endsWith(".metadata.json")) {
                nodes.damage(file.path(), "turned");
            }
        }

        nodes.repair(nodes.store()).run(START, NOW);

        assertThat(nodes.gaps()).hasSize(2).allSatisfy(gap -> assertThat(gap)
                .contains(" " + table + ": damaged: commit 5 of " + table + " cannot be read, and none before it"));
        assertThat(nodes.tables().rows(LandingTable.GAPS, Long.MIN_VALUE, Long.MAX_VALUE, gap -> gap.text("stage")
                        .equals("store")))
                .extracting(NodeRow::time)
                .containsOnly(START);
        assertThat(nodes.tables().nodes()).containsExactly("n1", "n2");
        assertRepaired(rows, 10, table);
    }

    @Test
    void everyTableMayBeDamagedAtOnce() throws Exception {
        List<String> rows = nodes.exits();
        for (LandingTable table : List.of(LandingTable.GAPS, LandingTable.CLOCK, TABLE)) {
            nodes.damage(LAYOUT.table(table.tableName()) + "/metadata/v5.metadata.json", "gone");
        }

        nodes.repair(nodes.store()).run(START, NOW);

        assertThat(nodes.gaps()).as("two nodes, three tables").hasSize(6);
        assertRepaired(rows, 10, "all");
    }

    @Test
    void aDamagedOlderCommitIsLeftOutAndCostsNothing() throws Exception {
        List<String> rows = nodes.exits();
        String older = LAYOUT.table(TABLE.tableName()) + "/metadata/v4.metadata.json";
        nodes.damage(older, "turned");
        assertThat(nodes.damages()).containsExactly(older);

        nodes.repair(nodes.store()).run(START, NOW);

        assertThat(nodes.file(older)).doesNotExist();
        assertThat(nodes.gaps()).isEmpty();
        assertRepaired(rows, 10, "older");
    }

    @Test
    void aDataFileOfTheLostCommitThatIsDamagedTooIsLost() throws Exception {
        String newest = NodeCommits.files(NodeCommits.open(nodes.store(), LAYOUT, TABLE))
                .getFirst()
                .path();
        nodes.damage(newest, "turned");
        nodes.damage(nodes.newest("metadata"), "turned");

        NodeRepair repair = nodes.repair(nodes.store());
        assertThat(repair.files()).contains(newest);
        repair.run(START, NOW);

        assertThat(nodes.file(newest)).doesNotExist();
        assertThat(nodes.gaps()).hasSize(2);
        assertThat(nodes.exits()).as("three compactions, and two landed files").hasSize(3 * 20 + 20);
        assertThat(nodes.damages()).isEmpty();
    }

    /** Whatever a compaction has done of its work: what it landed is in the data files, in the landed ones, or in both. */
    @Test
    void whatACompactionThatWasKilledHasTakenIsNeitherLostNorDoubled() throws Exception {
        NodeLanding whole = nodes;
        for (int at = new Random(Seed.take()).nextInt(NodeLanding.STEPS); ; at += NodeLanding.STEPS) {
            nodes = whole.copy(directory.resolve("at-" + at));
            List<String> rows = nodes.exits();
            boolean isKilled = false;
            try {
                nodes.compaction(new DyingStore(nodes.store(), at)).run();
            } catch (DyingStore.Killed e) {
                isKilled = true;
            }
            for (LandingTable table : List.of(LandingTable.GAPS, TABLE)) {
                int commit = NodeCommits.unopened(nodes.store(), LAYOUT, table).newest();
                nodes.damage(LAYOUT.table(table.tableName()) + "/metadata/v" + commit + ".metadata.json", "turned");
            }

            nodes.repair(nodes.store()).run(START, NOW);

            assertRepaired(rows, 10, "killed at " + at);
            if (!isKilled) {
                return;
            }
        }
    }

    @Test
    void aRepairThatIsKilledAnywhereIsFinishedByTheNext() throws Exception {
        NodeLanding whole = nodes;
        for (int at = new Random(Seed.take()).nextInt(NodeLanding.STEPS); ; at += NodeLanding.STEPS) {
            nodes = whole.copy(directory.resolve("at-" + at));
            List<String> rows = nodes.exits();
            nodes.damage(nodes.newest("manifest"), "turned");
            int samples = samples();
            // No commit of it is left.
            for (int commit = 1; commit <= 5; commit++) {
                nodes.store().delete(LAYOUT.table("clock") + "/metadata/v" + commit + ".metadata.json");
            }
            boolean isKilled = false;
            try {
                nodes.repair(new DyingStore(nodes.store(), at)).run(START, NOW);
            } catch (DyingStore.Killed e) {
                isKilled = true;
            }
            nodes.repair(nodes.store()).run(START, NOW + 1);

            assertThat(nodes.gaps()).as("killed at " + at + ": told once").hasSize(4);
            assertThat(samples())
                    .as("killed at " + at + ": samples of the clock")
                    .isEqualTo(samples);
            assertRepaired(rows, 10, "killed at " + at);
            if (!isKilled) {
                return;
            }
        }
    }

    private int samples() throws IOException {
        return nodes.tables()
                .rows(LandingTable.CLOCK, 0, Long.MAX_VALUE, _ -> true)
                .size();
    }

    /** A file has a row as often as it happened; two that have it tell of the same. */
    @Test
    void rowsBeyondOthersAreTheSameInHoweverManyParts() throws Exception {
        List<String> files = nodes.files("data");
        String newest = NodeCommits.files(NodeCommits.open(nodes.store(), LAYOUT, TABLE))
                .getFirst()
                .path();
        List<String> older = files.stream().filter(file -> !file.equals(newest)).toList();
        assertThat(older).as("of the two commits before").hasSize(2);
        DataRows data = new DataRows(TABLE, nodes.copies(nodes.store()), RowOmissions.load(nodes.store(), LAYOUT));
        for (int parts : List.of(1, 4)) {
            List<NodeRow> all = new ArrayList<>();
            List<NodeRow> beyond = new ArrayList<>();
            long claimed = (parts - 1L) << 18;
            data.beyond(files, List.of(), claimed, into(all));
            data.beyond(files, List.of(older.getLast()), claimed, into(beyond));

            assertThat(all).as(parts + " parts").hasSize(80);
            assertThat(beyond.size() % 20).as("whole compactions").isZero();
            assertThat(beyond).as(parts + " parts").isNotEmpty().hasSizeLessThan(80);
        }
    }

    private static DataRows.Visitor into(List<NodeRow> rows) {
        return new DataRows.Visitor() {
            @Override
            public void visit(NodeRow row) {
                rows.add(row);
            }

            @Override
            public void endPart() {}
        };
    }

    @Test
    void aTableWithoutRowsIsMadeAnew() throws Exception {
        nodes = new NodeLanding(directory.resolve("empty"));
        nodes.land("n1", 0, true);
        nodes.compaction(nodes.store()).run();
        for (String path : nodes.files("data")) {
            Files.delete(nodes.file(path));
        }
        for (String path : nodes.files("metadata")) {
            nodes.damage(path, "cut off");
        }

        nodes.repair(nodes.store()).run(START, NOW);

        assertThat(nodes.gaps()).hasSize(1);
        assertRepaired(List.of(), 1, "empty");
    }
}
