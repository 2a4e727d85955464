/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.erasure.Erasure;
import dev.traversion.archive.export.RecordingExport;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.archive.repair.Repair;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happened on nodes is erased, exported and verified with the objects it is about. */
class NodeKeepingTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final Layout LAYOUT = new Layout(CLUSTER);
    private static final ResourceType NAMESPACES = new ResourceType("", "namespaces");
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final long START = 1_770_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    /** With a column that says of which pod a row is. */
    private static final List<LandingTable> OF_PODS = Stream.of(LandingTable.values())
            .filter(table ->
                    table.columns().stream().anyMatch(column -> column.name().equals("pod_uid")))
            .toList();

    @TempDir
    private Path directory;

    private Store store;
    private int version = 10;

    @BeforeEach
    void record() throws Exception {
        store = new FileStore(directory.resolve("recording"));
        try (RecordingWriter writer =
                RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
            for (ResourceType type : List.of(NAMESPACES, PODS)) {
                writer.mark(new CoverageMark(type, CoverageMark.Kind.OPENED, START, "1", ""));
            }
            for (String namespace : List.of("shop", "bank")) {
                writer.append(object(NAMESPACES, "", namespace, Operation.ADDED, ""));
                writer.append(object(PODS, namespace, namespace + "-web", Operation.ADDED, ""));
                writer.append(object(PODS, namespace, namespace + "-brief", Operation.ADDED, ""));
                writer.append(object(
                        PODS,
                        namespace,
                        namespace + "-static",
                        Operation.ADDED,
                        ",\"annotations\":{\"kubernetes.io/config.hash\":\"" + staticPod(namespace) + "\"}"));
                writer.append(object(PODS, namespace, namespace + "-brief", Operation.DELETED, ""));
            }
        }
        land("n1", 0, true);
        assertThat(compaction().run()).isEqualTo(1);
        land("n1", 1, true);
        land("n2", 0, false);
    }

    private Change object(ResourceType type, String namespace, String name, Operation operation, String metadata) {
        version++;
        String body = "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + namespace + "\",\"uid\":\"u-" + name
                + "\",\"creationTimestamp\":\"2026-02-02T02:40:00Z\",\"resourceVersion\":\"" + version + "\"" + metadata
                + "}}";
        return new Change(
                new ObjectKey(type, namespace, name),
                type.resource(),
                "u-" + name,
                Integer.toString(version),
                START + version * SECOND,
                operation,
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** A row of each table of each pod, a second apart, from an hour of its own. */
    private void land(String node, int run, boolean isEnded) throws IOException {
        Path landing = store.local(LAYOUT.landing()).orElseThrow();
        LandingWriter file = new LandingWriter(landing, new LandingName(node, 1, run));
        long begin = START + run * 3600L * SECOND;
        RowBlock clock = new RowBlock(LandingTable.CLOCK);
        clock.set(LandingTable.CLOCK.column("time"), begin);
        clock.set(LandingTable.CLOCK.column("utc"), begin);
        clock.endRow();
        file.append(clock);
        for (LandingTable table : OF_PODS) {
            RowBlock rows = new RowBlock(table);
            long time = begin;
            for (String uid :
                    List.of("u-shop-web", "u-shop-brief", staticPod("shop"), "u-bank-web", staticPod("bank"), "")) {
                time += SECOND;
                rows.set(table.column("time"), time);
                rows.set(table.column("pod_uid"), uid);
                if (table == LandingTable.LOGS) {
                    rows.set(table.column("logged"), time);
                    rows.set(table.column("line"), uid + " called jane@example.com");
                }
                rows.endRow();
            }
            file.append(rows);
        }
        RowBlock gaps = new RowBlock(LandingTable.GAPS);
        for (String reason : List.of("shop/shop-web/app: cut", "bank/bank-web/app: cut", "the ring was full")) {
            gaps.set(LandingTable.GAPS.column("from_time"), begin);
            gaps.set(LandingTable.GAPS.column("to_time"), begin + 1);
            gaps.set(LandingTable.GAPS.column("kind"), "logs");
            gaps.set(LandingTable.GAPS.column("reason"), reason);
            gaps.endRow();
        }
        file.append(gaps);
        if (isEnded) {
            file.close();
        } else {
            file.abandon();
        }
    }

    private LocalCopies copies(Store of) {
        return new LocalCopies(of, directory.resolve("copies"), 1 << 24);
    }

    private NodeCompaction compaction() {
        return new NodeCompaction(store, LAYOUT, copies(store), directory.resolve("work"));
    }

    private Erasure erasure() {
        return new Erasure(
                store,
                LAYOUT,
                copies(store),
                directory.resolve("work"),
                WriterOptions.of("erasure", directory.resolve("state")),
                Clock.systemUTC());
    }

    private VerifyReport verify(Store of) throws IOException {
        return new Verification(of, CLUSTER, copies(of), _ -> {}).run();
    }

    /** How many rows each pod has, over all tables. */
    private Map<String, Integer> rows(NodeTables tables) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (LandingTable table : OF_PODS) {
            tables.rows(table, Long.MIN_VALUE, Long.MAX_VALUE, _ -> true)
                    .forEach(row -> counts.merge(row.text("pod_uid"), 1, Integer::sum));
        }
        return counts;
    }

    private NodeTables tables(Store of) {
        return new NodeTables(of, LAYOUT, copies(of));
    }

    /** What a node knows it by. */
    private static String staticPod(String namespace) {
        return (namespace.equals("shop") ? "a" : "b").repeat(32);
    }

    @Test
    void anErasedNamespaceLeavesNoRowOfItsPodsAndNoneComesBack() throws Exception {
        int each = OF_PODS.size();
        assertThat(rows(tables(store)))
                .containsEntry("u-shop-web", 3 * each)
                .containsEntry(staticPod("bank"), 3 * each);
        List<String> before = dataFiles();

        Erasure erasure = erasure();
        Erasure.Outcome outcome = erasure.run(erasure.lifetimes("shop").getFirst(), "asked for", _ -> {});

        assertThat(outcome.rows())
                .as("rows of the tables; what was landed never came there")
                .isEqualTo(3L * each + 1);
        assertThat(outcome.inLanding()).as("n2's agent still writes").isTrue();
        for (LandingTable table : OF_PODS) {
            assertThat(store.list(LAYOUT.tableSeals(table.tableName())))
                    .as("seals of what is gone")
                    .hasSize(1);
        }
        assertThat(rows(tables(store))).containsEntry("u-shop-web", each).containsEntry("u-bank-web", 3 * each);
        land("n2", 1, true);
        land("n1", 2, true);
        compaction().run();

        assertThat(rows(tables(store)))
                .isEqualTo(Map.of("u-bank-web", 5 * each, staticPod("bank"), 5 * each, "", 5 * each));
        assertThat(tables(store).rows(LandingTable.GAPS, 0, Long.MAX_VALUE, _ -> true).stream()
                        .map(row -> row.text("reason"))
                        .distinct())
                .containsExactlyInAnyOrder("bank/bank-web/app: cut", "the ring was full");
        assertThat(dataFiles()).as("the files that held it").doesNotContainAnyElementsOf(before);
        assertThat(verify(store).damages()).isEmpty();
        assertThat(new NodeErasure(store, LAYOUT, copies(store), directory.resolve("work")).run())
                .as("nothing is left to erase")
                .isZero();
    }

    /** Of the tables with rows of pods. */
    private List<String> dataFiles() throws IOException {
        return OF_PODS.stream()
                .flatMap(table -> {
                    try {
                        return store.list(LAYOUT.table(table.tableName()) + "/data/").stream()
                                .map(StoredFile::path);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    @Test
    void anErasedValueIsInNoLine() throws Exception {
        erasure().run("jane@example.com", "", _ -> {});
        land("n2", 1, true);
        compaction().run();

        List<NodeRow> lines = tables(store).rows(LandingTable.LOGS, 0, Long.MAX_VALUE, _ -> true);
        assertThat(lines).hasSize(4 * 6).allSatisfy(row -> assertThat(row.text("line"))
                .startsWith(row.text("pod_uid") + " called ")
                .doesNotContain("jane"));
        assertThat(verify(store).damages()).isEmpty();
    }

    @Test
    void anExportHasTheRowsOfItsStretch() throws Exception {
        int each = OF_PODS.size();
        try (Recording recording = Recording.open(store, CLUSTER, RecordingOptions.defaults())) {
            Map<String, Integer> whole = export(recording, "whole", recording.start(), recording.end(), 9);
            assertThat(whole).as("all of it, landed or not").isEqualTo(rows(tables(store)));
            long late = recording.end() - SECOND;
            assertThat(export(recording, "end", late, recording.end(), 3))
                    .as("what came after the last object changed")
                    .isEqualTo(Map.of(
                            "u-shop-web",
                            each,
                            "u-shop-brief",
                            each,
                            staticPod("shop"),
                            each,
                            "u-bank-web",
                            each,
                            staticPod("bank"),
                            each,
                            "",
                            each));
            assertThat(export(recording, "middle", late - SECOND, late, 0)).isEmpty();
        }
    }

    private Map<String, Integer> export(Recording recording, String name, long from, long to, int gaps)
            throws IOException {
        Path target = Files.createDirectory(directory.resolve(name));
        new RecordingExport(recording, from, to, _ -> {}).write(target);
        try (Store exported = new FileStore(target)) {
            NodeTables tables = tables(exported);
            assertThat(tables.nodes()).as(name).containsExactly("n1", "n2");
            assertThat(tables.rows(LandingTable.GAPS, 0, Long.MAX_VALUE, _ -> true))
                    .as(name)
                    .hasSize(gaps);
            assertThat(verify(exported).damages()).as(name).isEmpty();
            return rows(tables);
        }
    }

    @Test
    void anyByteOfAFileThatFlipsIsFound() throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        for (LandingTable table : List.of(LandingTable.FLOWS, LandingTable.GAPS)) {
            String path = store.list(LAYOUT.table(table.tableName()) + "/data/")
                    .getFirst()
                    .path();
            Path file = store.local(path).orElseThrow();
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < 40; i++) {
                byte[] bytes = whole.clone();
                int at = random.nextInt(bytes.length);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                List<String> damaged = new ArrayList<>();
                new NodeCheck(store, LAYOUT, copies(store), Map.of())
                        .table(table, _ -> {}, (found, _) -> damaged.add(found), _ -> {});
                assertThat(damaged).as("byte " + at + " of " + path).containsExactly(path);
            }
            Files.write(file, whole);
        }
        assertThat(verify(store).damages()).isEmpty();
    }

    /** Turns a bit of a file in the store; its bytes since. */
    private byte[] damage(String path) throws IOException {
        Path file = store.local(path).orElseThrow();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 3] ^= 1;
        Files.write(file, bytes);
        return bytes;
    }

    @Test
    void repairMakesAGapOfWhatIsDamagedAndLeavesTheRest() throws Exception {
        Map<LandingTable, Integer> before = counts();
        String logs = store.list(LAYOUT.table("logs") + "/data/").getFirst().path();
        String flows = store.list(LAYOUT.table("flows") + "/data/").getFirst().path();
        byte[] bytes = damage(logs);
        Files.delete(store.local(flows).orElseThrow());
        Repair repair = new Repair(store, CLUSTER, copies(store), directory.resolve("work"), Clock.systemUTC());
        assertThat(repair.plan().steps())
                .hasSize(2)
                .allSatisfy(step -> assertThat(step).contains("6 rows of").contains("become a gap"));

        assertThat(repair.run().steps()).hasSize(2);

        assertThat(verify(store).damages()).isEmpty();
        assertThat(repair.plan().steps()).as("nothing is left to do").isEmpty();
        assertThat(Files.readAllBytes(store.local(LAYOUT.quarantine()
                                + logs.substring(LAYOUT.root().length()))
                        .orElseThrow()))
                .isEqualTo(bytes);
        assertThat(tables(store).rows(LandingTable.GAPS, 0, Long.MAX_VALUE, _ -> true).stream()
                        .filter(gap -> gap.text("reason").startsWith("damaged: "))
                        .map(gap -> gap.node() + " " + gap.text("kind") + " " + gap.number("events")))
                .containsExactlyInAnyOrder("n1 flows 6", "n1 logs 6");
        Map<LandingTable, Integer> after = counts();
        before.forEach((table, rows) -> {
            int change =
                    table == LandingTable.LOGS || table == LandingTable.FLOWS ? -6 : table == LandingTable.GAPS ? 2 : 0;
            assertThat(after.get(table)).as(table.tableName()).isEqualTo(rows + change);
        });
        assertThat(compaction().run()).as("it goes on").isEqualTo(1);
        assertThat(counts()).isEqualTo(after);
    }

    private Map<LandingTable, Integer> counts() throws IOException {
        Map<LandingTable, Integer> counts = new EnumMap<>(LandingTable.class);
        for (LandingTable table : LandingTable.values()) {
            counts.put(
                    table,
                    tables(store)
                            .rows(table, Long.MIN_VALUE, Long.MAX_VALUE, _ -> true)
                            .size());
        }
        return counts;
    }

    @Test
    void damagedMissingAndTruncatedFilesOfNodesAreFound() throws Exception {
        assertThat(verify(store).damages()).isEmpty();
        String logs = store.list(LAYOUT.table("logs") + "/data/").getFirst().path();
        String flows = store.list(LAYOUT.table("flows") + "/data/").getFirst().path();
        damage(logs);
        Files.delete(store.local(flows).orElseThrow());
        land("n1", 2, true);
        String landed = LAYOUT.landing() + new LandingName("n1", 1, 1).path();
        Path block = store.local(landed).orElseThrow();
        byte[] rows = Files.readAllBytes(block);
        rows[rows.length - 40] ^= 1;
        Files.write(block, rows);

        assertThat(verify(store).damagedFiles().stream().map(VerifyReport.Damage::path))
                .containsExactlyInAnyOrder(logs, flows, landed);
    }

    /** A commit and its seal are taken away: what is left is whole, but for the seals of the recording. */
    @Test
    void goingBackToAnOlderCommitIsToldByTheSealsOfTheRecordingAndRepaired() throws Exception {
        land("n1", 2, true);
        compaction().run();
        Map<LandingTable, Integer> before = counts();
        try (RecordingWriter writer =
                RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
            writer.append(object(PODS, "shop", "shop-late", Operation.ADDED, ""));
        }
        assertThat(verify(store).damages()).isEmpty();
        int commit = NodeCommits.unopened(store, LAYOUT, LandingTable.FLOWS).newest();
        String seal = LAYOUT.tableSeals("flows") + commit + ".json";
        store.delete(LAYOUT.table("flows") + "/metadata/v" + commit + ".metadata.json");
        store.delete(seal);

        assertThat(verify(store).damagedFiles().stream().map(VerifyReport.Damage::path))
                .containsExactly(seal);
        Repair repair = new Repair(store, CLUSTER, copies(store), directory.resolve("work"), Clock.systemUTC());
        assertThat(repair.run().steps())
                .anyMatch(step -> step.contains(seal))
                .anyMatch(step -> step.contains("put together from commit " + (commit - 1)));

        assertThat(verify(store).damages()).isEmpty();
        assertThat(repair.plan().steps()).as("nothing is left to do").isEmpty();
        Map<LandingTable, Integer> after = counts();
        before.forEach((table, rows) -> assertThat(after.get(table))
                .as(table.tableName())
                .isEqualTo(table == LandingTable.GAPS ? rows + 2 : rows));
        land("n1", 3, true);
        compaction().run();
        assertThat(verify(store).damages())
                .as("a newer seal stands for the one that is named")
                .isEmpty();
    }

    @Test
    void aDamagedCommitIsQuarantinedAndRepairedWithTheRecording() throws Exception {
        Map<LandingTable, Integer> before = counts();
        String metadata = LAYOUT.table("flows") + "/metadata/v"
                + NodeCommits.unopened(store, LAYOUT, LandingTable.FLOWS).newest() + ".metadata.json";
        byte[] bytes = damage(metadata);
        assertThat(verify(store).damagedFiles().stream().map(VerifyReport.Damage::path))
                .contains(metadata);

        new Repair(store, CLUSTER, copies(store), directory.resolve("work"), Clock.systemUTC()).run();

        assertThat(verify(store).damages()).isEmpty();
        assertThat(Files.readAllBytes(store.local(LAYOUT.quarantine()
                                + metadata.substring(LAYOUT.root().length()))
                        .orElseThrow()))
                .isEqualTo(bytes);
        Map<LandingTable, Integer> after = counts();
        assertThat(after.get(LandingTable.FLOWS)).isEqualTo(before.get(LandingTable.FLOWS));
        assertThat(after.get(LandingTable.GAPS)).isEqualTo(before.get(LandingTable.GAPS) + 2);
    }
}
