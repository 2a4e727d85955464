/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Layout;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTablesTest {

    private static final long UTC = 1_750_000_000_000_000_000L;
    private static final long BOOT = 5_000_000_000L;
    private static final Layout LAYOUT = new Layout("c1");

    @TempDir
    private Path directory;

    private Store store;

    @BeforeEach
    void open() {
        store = new FileStore(directory.resolve("recording"));
    }

    @Test
    void whatIsLandedIsReadWithUtcTimesBeforeAndAfterItIsCompacted() throws Exception {
        land("n1", 0, true);
        land("n2", 0, true);
        List<String> before = exits(store);

        assertThat(compaction(store).run()).isEqualTo(2);

        assertThat(before).hasSize(20).contains("n1 " + (UTC + 3) + " exit u0 3", "n2 " + (UTC + 9) + " exit u0 9");
        assertThat(exits(store)).containsExactlyElementsOf(before);
        assertThat(store.list(LAYOUT.landing())).isEmpty();
        assertThat(tables(store).nodes()).containsExactly("n1", "n2");
    }

    @Test
    void aFileThatStillGrowsIsReadAndLeftAlone() throws Exception {
        land("n1", 0, false);

        assertThat(compaction(store).run()).isZero();
        assertThat(exits(store)).hasSize(10);
        // The agent was killed and began anew: the earlier file does not grow any more.
        land("n1", 1, false);
        assertThat(compaction(store).run()).isEqualTo(1);
        assertThat(exits(store)).hasSize(20);
    }

    @Test
    void aCompactionThatBreaksOffAnywhereLosesAndRepeatsNothing() throws Exception {
        long survived = 0;
        for (int at = 1; ; at++) {
            store = new FileStore(directory.resolve("at-" + at));
            land("n1", 0, true);
            land("n2", 0, true);
            List<String> before = exits(store);
            boolean isWhole = run(breakingAt(store, at));
            if (isWhole) {
                break;
            }
            assertThat(exits(store)).as("after write " + at + " failed").isEqualTo(before);
            land("n1", 1, true);
            compaction(store).run();
            assertThat(exits(store))
                    .as("after write " + at + " failed and the next run")
                    .hasSize(30);
            assertThat(exits(store).stream().distinct()).hasSize(30);
            survived++;
        }
        assertThat(survived).as("places where it was broken off").isGreaterThan(10);
    }

    @Test
    void theLinesOfAPodAreFoundByTheirOwnTimesAndKeepTheirOrder() throws Exception {
        List<String> lines = List.of("first", "", "zwei \u00e4 \u0000", "first", "{\"json\":1}", "x".repeat(70_000));
        for (int file = 0; file < 2; file++) {
            try (LandingWriter writer = new LandingWriter(
                    directory.resolve("recording/" + LAYOUT.landing()), new LandingName("n1", 1000, file))) {
                RowBlock clock = new RowBlock(LandingTable.CLOCK);
                clock.set(LandingTable.CLOCK.column("time"), BOOT);
                clock.set(LandingTable.CLOCK.column("utc"), UTC);
                clock.endRow();
                writer.append(clock);
                RowBlock logs = new RowBlock(LandingTable.LOGS);
                for (int i = 0; i < lines.size(); i++) {
                    for (String pod : List.of("b", "a")) {
                        logs.set(LandingTable.LOGS.column("time"), BOOT + file * 100L + i);
                        logs.set(LandingTable.LOGS.column("logged"), UTC - 1000 + file * 100L + i);
                        logs.set(LandingTable.LOGS.column("pod_uid"), pod);
                        logs.set(LandingTable.LOGS.column("line"), pod + lines.get(i));
                        logs.endRow();
                    }
                }
                writer.append(logs);
            }
            compaction(store).run();
        }
        NodeTables.Selection ofB = new NodeTables.Selection("logged", UTC - 1000 + 1, UTC - 1000 + 103, "b");
        List<NodeRow> rows = tables(store).visit(LandingTable.LOGS, ofB, Found::new).rows;

        assertThat(rows.stream().map(row -> row.text("line")))
                .containsExactly(
                        "b",
                        "bzwei \u00e4 \u0000",
                        "bfirst",
                        "b{\"json\":1}",
                        "b" + "x".repeat(70_000),
                        "bfirst",
                        "b",
                        "bzwei \u00e4 \u0000");
        assertThat(tables(store).hasRows(LandingTable.LOGS)).isTrue();
        assertThat(tables(store).hasRows(LandingTable.USAGE)).isFalse();
    }

    private static final class Found implements Consumer<NodeRow> {
        private final List<NodeRow> rows = new ArrayList<>();

        @Override
        public void accept(NodeRow row) {
            rows.add(row);
        }
    }

    @Test
    void smallFilesOfADayBecomeOneAndOldOnesAreForgotten() throws Exception {
        for (int i = 0; i < 6; i++) {
            land("n1", i, true);
            compaction(store).run();
        }
        assertThat(dataFiles())
                .as("the file of the day and those that readers may still be at")
                .isBetween(1L, 4L);
        assertThat(exits(store)).hasSize(60);

        compaction(store).forget(UTC + 86_400_000_000_000L);

        assertThat(exits(store)).isEmpty();
        land("n1", 6, true);
        compaction(store).run();
        assertThat(exits(store)).as("what comes after").hasSize(10);
    }

    @Test
    void aDamagedFileIsAGapAndWhatIsWholeInItIsKept() throws Exception {
        land("n1", 0, true);
        Path file = directory.resolve("recording/" + LAYOUT.landing() + new LandingName("n1", 1000, 0).path());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 40] ^= 1;
        Files.write(file, bytes);

        compaction(store).run();

        assertThat(tables(store).rows(LandingTable.GAPS, 0, Long.MAX_VALUE, _ -> true))
                .singleElement()
                .satisfies(gap -> assertThat(gap.text("reason")).contains("damaged"));
    }

    @Test
    void duckDbReadsTheTables() throws Exception {
        land("n1", 0, true);
        compaction(store).run();

        String query = "SELECT kind, pod_uid, max(exit_code), min(time) FROM read_parquet('%s/**/*.parquet')"
                        .formatted(directory.resolve("recording/" + LAYOUT.table("process_events")))
                + " WHERE node = 'n1' GROUP BY ALL ORDER BY pod_uid";
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(2)).isEqualTo("u0");
            assertThat(rows.getLong(3)).isEqualTo(9);
            assertThat(rows.getLong(4)).isEqualTo(UTC);
        }
    }

    /** Ten exits, a nanosecond apart, of three pods. */
    private void land(String node, int run, boolean isEnded) throws IOException {
        Path landing = store.local(LAYOUT.landing()).orElseThrow();
        LandingWriter file = new LandingWriter(landing, new LandingName(node, 1000 + run, 0));
        RowBlock clock = new RowBlock(LandingTable.CLOCK);
        clock.set(LandingTable.CLOCK.column("time"), BOOT);
        clock.set(LandingTable.CLOCK.column("utc"), UTC + 1000L * run);
        clock.endRow();
        file.append(clock);
        LandingTable table = LandingTable.PROCESS_EVENTS;
        RowBlock rows = new RowBlock(table);
        for (int i = 0; i < 10; i++) {
            rows.set(table.column("time"), BOOT + i);
            rows.set(table.column("kind"), "exit");
            rows.set(table.column("pod_uid"), "u" + (i % 3 == 0 ? 0 : 1));
            rows.set(table.column("exit_code"), i);
            rows.endRow();
        }
        file.append(rows);
        if (isEnded) {
            file.close();
        } else {
            file.abandon();
        }
    }

    private List<String> exits(Store from) throws IOException {
        return tables(from).rows(LandingTable.PROCESS_EVENTS, 0, Long.MAX_VALUE, _ -> true).stream()
                .map(row -> row.node() + " " + row.time() + " " + row.text("kind") + " " + row.text("pod_uid") + " "
                        + row.number("exit_code"))
                .sorted()
                .toList();
    }

    private NodeTables tables(Store of) {
        return new NodeTables(of, LAYOUT, copies(of));
    }

    private NodeCompaction compaction(Store of) {
        return new NodeCompaction(of, LAYOUT, copies(of), directory.resolve("work"));
    }

    private LocalCopies copies(Store of) {
        return new LocalCopies(of, directory.resolve("copies"), Long.MAX_VALUE);
    }

    private long dataFiles() throws IOException {
        return store.list(LAYOUT.table("process_events") + "/data/").size();
    }

    private boolean run(Store on) throws IOException {
        try {
            compaction(on).run();
            return true;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("broken off");
            return false;
        }
    }

    /** The process ends before its nth write or deletion: nothing is written any more. */
    private static Store breakingAt(Store whole, int nth) {
        int[] writes = {0};
        return (Store) Proxy.newProxyInstance(
                NodeTablesTest.class.getClassLoader(), new Class<?>[] {Store.class}, (_, method, arguments) -> {
                    if (Set.of("create", "delete").contains(method.getName()) && ++writes[0] >= nth) {
                        throw new IOException("broken off");
                    }
                    try {
                        return method.invoke(whole, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
