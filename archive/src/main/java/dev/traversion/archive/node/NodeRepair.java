/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes damaged and missing files out of the nodes' tables, and says in {@code gaps} of which time they told. Gaps come first: broken off,
 * it can be run again. For one thread.
 */
public final class NodeRepair {

    private static final int ATTEMPTS = 10;
    private static final String STAGE = "store";

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final NodeCompaction compaction;
    private final List<Lost> lost = new ArrayList<>();

    private record Lost(LandingTable table, RecordingTable.File file, String why) {}

    private NodeRepair(Store store, Layout layout, LocalCopies copies, Path workDirectory) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.compaction = new NodeCompaction(store, layout, copies, workDirectory);
    }

    /**
     * Looks for what is damaged.
     *
     * @param copies of the store
     * @param workDirectory for files that are being written
     */
    public static NodeRepair of(Store store, Layout layout, LocalCopies copies, Path workDirectory) throws IOException {
        NodeRepair repair = new NodeRepair(store, layout, copies, workDirectory);
        NodeCheck check = new NodeCheck(store, layout, copies);
        for (LandingTable table : LandingTable.values()) {
            for (RecordingTable.File file : repair.files(table)) {
                check.file(table, file, _ -> {}).ifPresent(why -> repair.lost.add(new Lost(table, file, why)));
            }
        }
        return repair;
    }

    /** None of a table whose commit cannot be read: which files it has is not known then, and {@code verify} tells of it. */
    private List<RecordingTable.File> files(LandingTable table) throws IOException {
        try {
            return compaction.open(table).files();
        } catch (TraversionException e) {
            System.getLogger(NodeRepair.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
            return List.of();
        }
    }

    /** What a run does, a sentence each. */
    public List<String> steps() {
        return lost.stream()
                .map(each -> each.why() + " Its " + each.file().rows() + " rows of "
                        + each.table().tableName() + " become a gap.")
                .toList();
    }

    /** The files that are damaged or missing, by path in the store. */
    public List<String> files() {
        return lost.stream().map(each -> each.file().path()).toList();
    }

    /** Does it. The files must have been copied elsewhere, if they are to be kept. */
    public void run() throws IOException {
        if (lost.isEmpty()) {
            return;
        }
        Set<LandingTable> tables = new TreeSet<>();
        lost.forEach(each -> tables.add(each.table()));
        tables.remove(LandingTable.GAPS);
        replace(LandingTable.GAPS, gaps());
        for (LandingTable table : tables) {
            replace(table, List.of());
        }
        for (String path : files()) {
            store.delete(path);
            copies.forget(path);
        }
    }

    private void replace(LandingTable table, List<NodeRow> more) throws IOException {
        Set<String> damaged = new TreeSet<>(files());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            RecordingTable committed = compaction.open(table);
            Set<String> removed = new TreeSet<>();
            committed.files().stream()
                    .map(RecordingTable.File::path)
                    .filter(damaged::contains)
                    .forEach(removed::add);
            Map<Long, List<NodeRow>> days = new TreeMap<>();
            more.forEach(row -> days.computeIfAbsent(NodeCompaction.day(row), _ -> new ArrayList<>())
                    .add(row));
            List<RecordingTable.Addition> additions = new ArrayList<>();
            for (Map.Entry<Long, List<NodeRow>> day : days.entrySet()) {
                additions.add(compaction.store(table, day.getKey(), day.getValue()));
            }
            if (committed.replace(removed, additions, NodeCompaction.landed(committed.summary()))) {
                return;
            }
        }
        throw new TraversionException("Others committed to " + store.location() + "/"
                + layout.table(table.tableName()) + " " + ATTEMPTS
                + " times meanwhile. Nothing is damaged further; stop the recorder, and run it again.");
    }

    /** Of each node whose rows may have been in a file. */
    private List<NodeRow> gaps() throws IOException {
        LandingTable table = LandingTable.GAPS;
        List<NodeRow> gaps = new ArrayList<>();
        for (Lost each : lost) {
            String time = each.table().columns().getFirst().name();
            long from = each.file().least().getOrDefault(time, 0L);
            long to = each.file().greatest().getOrDefault(time, Long.MAX_VALUE - 1);
            for (String node : NodeTables.nodes(compaction.open(each.table()).summary())) {
                long[] numbers = new long[table.columns().size()];
                String[] texts = new String[numbers.length];
                numbers[table.column("from_time")] = from;
                numbers[table.column("to_time")] = to + 1;
                numbers[table.column("events")] = each.file().rows();
                texts[table.column("kind")] = each.table().tableName();
                texts[table.column("stage")] = STAGE;
                texts[table.column("reason")] = "damaged: " + each.why();
                gaps.add(new NodeRow(table, node, 0, numbers, texts));
            }
        }
        gaps.sort(NodeSchema.order(table));
        return gaps;
    }
}
