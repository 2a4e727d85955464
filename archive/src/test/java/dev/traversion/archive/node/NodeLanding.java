/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A recording of what happened on nodes, in a directory: what agents land, what is in the tables, and what is wrong with them. */
final class NodeLanding {

    static final Layout LAYOUT = new Layout("c1");
    static final LandingTable TABLE = LandingTable.PROCESS_EVENTS;

    /** Of so many steps of a run one is that at which it is killed; of all with {@code -Dtraversion.damages=all}. */
    static final int STEPS = "all".equals(System.getProperty("traversion.damages")) ? 1 : 4;

    private static final long UTC = 1_750_000_000_000_000_000L;
    private static final long BOOT = 5_000_000_000L;

    private final Path directory;
    private final Store store;

    NodeLanding(Path directory) {
        this.directory = directory;
        this.store = new FileStore(directory.resolve("recording"));
    }

    /** The same recording elsewhere. */
    NodeLanding copy(Path to) throws IOException {
        for (StoredFile file : store.list("")) {
            Path copied = to.resolve("recording/" + file.path());
            Files.createDirectories(copied.getParent());
            Files.copy(file(file.path()), copied);
        }
        return new NodeLanding(to);
    }

    Store store() {
        return store;
    }

    /** Ten exits of a node, and a gap; each run tells of another second, and of a clock that is some nanoseconds off. */
    void land(String node, int run, boolean isEnded) throws IOException {
        Path landing = store.local(LAYOUT.landing()).orElseThrow();
        LandingWriter file = new LandingWriter(landing, new LandingName(node, 1000, run));
        long boot = BOOT + run * 1_000_000_000L;
        RowBlock rows = new RowBlock(TABLE);
        for (int i = 0; i < 10; i++) {
            rows.set(TABLE.column("time"), boot + i / 2);
            rows.set(TABLE.column("kind"), "exit");
            rows.set(TABLE.column("pod_uid"), "u" + Math.min(i, 8) % 3);
            // The last two are the same in everything, and happened twice.
            rows.set(TABLE.column("exit_code"), Math.min(i, 8));
            rows.endRow();
        }
        file.append(rows);
        LandingTable gaps = LandingTable.GAPS;
        RowBlock gap = new RowBlock(gaps);
        gap.set(gaps.column("from_time"), boot);
        gap.set(gaps.column("to_time"), boot + 1);
        gap.set(gaps.column("kind"), "exit");
        gap.set(gaps.column("reason"), "the ring was full");
        gap.endRow();
        file.append(gap);
        RowBlock clock = new RowBlock(LandingTable.CLOCK);
        clock.set(LandingTable.CLOCK.column("time"), boot + 100);
        clock.set(LandingTable.CLOCK.column("utc"), UTC + boot + run * 3L);
        clock.endRow();
        file.append(clock);
        if (isEnded) {
            file.close();
        } else {
            file.abandon();
        }
    }

    NodeCompaction compaction(Store of) {
        return new NodeCompaction(of, LAYOUT, copies(of), directory.resolve("work"));
    }

    NodeRepair repair(Store of) throws IOException {
        return NodeRepair.of(of, LAYOUT, copies(of), directory.resolve("work"), Map.of());
    }

    NodeTables tables() {
        return new NodeTables(store, LAYOUT, copies(store));
    }

    LocalCopies copies(Store of) {
        return new LocalCopies(of, directory.resolve("copies"), 1 << 24);
    }

    /** The rows of exits, without the UTC, which may differ by how they came there. */
    List<String> exits() throws IOException {
        return tables().rows(TABLE, 0, Long.MAX_VALUE, _ -> true).stream()
                .map(row ->
                        row.node() + " " + row.bootTime() + " " + row.text("pod_uid") + " " + row.number("exit_code"))
                .sorted()
                .toList();
    }

    /** What repair has told of in gaps. */
    List<String> gaps() throws IOException {
        return tables()
                .rows(LandingTable.GAPS, Long.MIN_VALUE, Long.MAX_VALUE, gap -> gap.text("stage")
                        .equals("store"))
                .stream()
                .map(gap -> gap.node() + " " + gap.text("kind") + ": " + gap.text("reason"))
                .sorted()
                .toList();
    }

    /** How many gaps agents have told of. */
    int toldByAgents() throws IOException {
        return tables().rows(LandingTable.GAPS, 0, Long.MAX_VALUE, gap -> gap.text("stage")
                        .isEmpty())
                .size();
    }

    /** The files that are damaged, by all tables; those with a note are {@code note: ...}. */
    List<String> damages() throws IOException {
        List<String> damages = new ArrayList<>();
        for (LandingTable table : LandingTable.values()) {
            damages.addAll(damages(table));
        }
        return damages;
    }

    List<String> damages(LandingTable table) throws IOException {
        List<String> damages = new ArrayList<>();
        new NodeCheck(store, LAYOUT, copies(store), Map.of())
                .table(table, _ -> {}, (path, _) -> damages.add(path), note -> damages.add("note: " + note));
        return damages;
    }

    /** Of the newest commit of the exits: {@code metadata}, {@code list}, {@code manifest} or {@code seal}. */
    String newest(String kind) throws IOException {
        String root = LAYOUT.table(TABLE.tableName());
        int commit = NodeCommits.unopened(store, LAYOUT, TABLE).newest();
        String metadata = root + "/metadata/v" + commit + ".metadata.json";
        if (kind.equals("seal")) {
            return LAYOUT.tableSeals(TABLE.tableName()) + commit + ".json";
        }
        return kind.equals("metadata")
                ? metadata
                : NodeCommits.open(store, LAYOUT, TABLE).commitFiles().metadataSince(commit).stream()
                        .filter(path -> path.endsWith(".avro"))
                        .filter(path -> path.contains("/snap-") == kind.equals("list"))
                        .findFirst()
                        .orElseThrow();
    }

    List<String> files(String folder) throws IOException {
        return store.list(LAYOUT.table(TABLE.tableName()) + "/" + folder + "/").stream()
                .map(StoredFile::path)
                .toList();
    }

    Path file(String path) {
        return store.local(path).orElseThrow();
    }

    /** Turns a bit, cuts off or deletes. */
    void damage(String path, String how) throws IOException {
        byte[] bytes = Files.readAllBytes(file(path));
        switch (how) {
            case "turned" -> bytes[bytes.length / 3] ^= 1;
            case "cut off" -> bytes = Arrays.copyOf(bytes, bytes.length / 2);
            default -> {
                Files.delete(file(path));
                return;
            }
        }
        Files.write(file(path), bytes);
    }
}
