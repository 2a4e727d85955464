/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes damaged and missing files out of the nodes' tables, puts tables together again whose commits are damaged, and says in {@code gaps}
 * of which time they told. Gaps come first: broken off, it can be run again. For one thread.
 */
public final class NodeRepair {

    private static final int ATTEMPTS = 10;
    private static final String STAGE = "store";

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final NodeCommits commits;
    private final List<Lost> lost = new ArrayList<>();
    private final Map<LandingTable, NodeRebuild> rebuilds = new TreeMap<>();

    private record Lost(LandingTable table, RecordingTable.File file, String why) {}

    private NodeRepair(Store store, Layout layout, LocalCopies copies, Path workDirectory) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.commits = new NodeCommits(store, layout, workDirectory);
    }

    /**
     * Looks for what is damaged.
     *
     * @param copies of the store
     * @param workDirectory for files that are being written
     * @param named the nodes' seals that the seals of the recording name, by path in the store
     */
    public static NodeRepair of(
            Store store, Layout layout, LocalCopies copies, Path workDirectory, Map<String, SealedFile> named)
            throws IOException {
        NodeRepair repair = new NodeRepair(store, layout, copies, workDirectory);
        NodeCheck check = new NodeCheck(store, layout, copies, named);
        for (LandingTable table : LandingTable.values()) {
            repair.examine(table, check, named);
        }
        return repair;
    }

    private void examine(LandingTable table, NodeCheck check, Map<String, SealedFile> named) throws IOException {
        NodeCheck.Findings findings = check.examine(table);
        if (findings.commits().isEmpty()) {
            findings.files().forEach((file, why) -> lost.add(new Lost(table, file, why)));
            return;
        }
        NodeRebuild rebuild = new NodeRebuild(store, layout, copies, commits, table, findings);
        rebuild.examine(named);
        for (RecordingTable.File file : rebuild.files()) {
            check.file(table, file, _ -> {}).ifPresent(why -> lost.add(new Lost(table, file, why)));
        }
        rebuilds.put(table, rebuild);
    }

    /** What a run does, a sentence each. */
    public List<String> steps() {
        List<String> steps = new ArrayList<>();
        rebuilds.values().forEach(rebuild -> steps.addAll(rebuild.steps()));
        for (Lost each : lost) {
            steps.add(each.why() + " Its " + each.file().rows() + " rows of "
                    + each.table().tableName() + " become a gap.");
        }
        return steps;
    }

    /** The files that are damaged or missing, by path in the store. */
    public List<String> files() {
        List<String> files = new ArrayList<>(lostFiles());
        rebuilds.values().forEach(rebuild -> files.addAll(rebuild.damaged()));
        return files;
    }

    private Set<String> lostFiles() {
        Set<String> files = new TreeSet<>();
        lost.forEach(each -> files.add(each.file().path()));
        return files;
    }

    /**
     * Does it. The files must have been copied elsewhere, if they are to be kept.
     *
     * @param start since when there may be rows, ns UTC
     * @param now until when rows may have been lost, ns UTC
     */
    public void run(long start, long now) throws IOException {
        Set<LandingTable> tables = new TreeSet<>(rebuilds.keySet());
        lost.forEach(each -> tables.add(each.table()));
        if (tables.isEmpty()) {
            return;
        }
        tables.remove(LandingTable.GAPS);
        replace(LandingTable.GAPS, gaps(start, now));
        for (LandingTable table : tables) {
            replace(table, List.of());
        }
        for (String path : lostFiles()) {
            store.delete(path);
            copies.forget(path);
        }
    }

    private void replace(LandingTable table, List<NodeRow> more) throws IOException {
        Set<String> damaged = lostFiles();
        NodeRebuild rebuild = rebuilds.get(table);
        if (rebuild != null) {
            rebuild.run(damaged, more, summaries());
            return;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            RecordingTable committed = commits.open(table);
            Set<String> removed = new TreeSet<>();
            NodeCommits.files(committed).stream()
                    .map(RecordingTable.File::path)
                    .filter(damaged::contains)
                    .forEach(removed::add);
            if (removed.isEmpty() && more.isEmpty()) {
                return;
            }
            Map<Long, List<NodeRow>> days = new TreeMap<>();
            more.forEach(row -> days.computeIfAbsent(NodeCommits.day(row), _ -> new ArrayList<>())
                    .add(row));
            List<RecordingTable.Addition> additions = new ArrayList<>();
            for (Map.Entry<Long, List<NodeRow>> day : days.entrySet()) {
                additions.add(commits.store(table, day.getKey(), day.getValue()));
            }
            if (commits.replace(table, committed, removed, additions, NodeCommits.landed(committed.summary()))) {
                return;
            }
        }
        throw new TraversionException("Others committed to " + store.location() + "/"
                + layout.table(table.tableName()) + " " + ATTEMPTS
                + " times meanwhile. Nothing is damaged further; stop the recorder, and run it again.");
    }

    /** What the commits of tables that are whole say of landed files. */
    private List<Map<String, String>> summaries() throws IOException {
        List<Map<String, String>> summaries = new ArrayList<>();
        for (LandingTable table : LandingTable.values()) {
            try {
                summaries.add(commits.open(table).summary());
            } catch (TraversionException e) {
                System.getLogger(NodeRepair.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
            }
        }
        return summaries;
    }

    /** Of each node whose rows may have been in what is lost; those that a run which was broken off has told are left out. */
    private List<NodeRow> gaps(long start, long now) throws IOException {
        Set<String> known = new TreeSet<>();
        summaries().forEach(summary -> known.addAll(NodeTables.nodes(summary)));
        known.addAll(store.folders(layout.landing()));
        rebuilds.values().forEach(rebuild -> known.addAll(rebuild.nodes()));
        List<NodeRow> gaps = new ArrayList<>();
        for (NodeRebuild rebuild : rebuilds.values()) {
            if (rebuild.mayHaveLost()) {
                for (String node : known) {
                    long from = Math.max(start, rebuild.from());
                    gaps.add(gap(rebuild.table(), node, from, Math.max(now, from + 1), 0, rebuild.reason()));
                }
            }
        }
        for (Lost each : lost) {
            String time = each.table().columns().getFirst().name();
            long from = each.file().least().getOrDefault(time, start);
            long to = each.file().greatest().getOrDefault(time, Long.MAX_VALUE - 1) + 1;
            for (String node : rebuilds.containsKey(each.table()) ? known : nodes(each.table())) {
                gaps.add(gap(each.table(), node, from, to, each.file().rows(), each.why()));
            }
        }
        Set<String> told = told();
        gaps.removeIf(gap -> told.contains(gap.node() + gap.text("reason")));
        return gaps;
    }

    private Set<String> told() throws IOException {
        Set<String> told = new HashSet<>();
        LandingTable table = LandingTable.GAPS;
        Set<String> damaged = lostFiles();
        for (RecordingTable.File file :
                rebuilds.containsKey(table) ? List.<RecordingTable.File>of() : NodeCommits.files(commits.open(table))) {
            if (!damaged.contains(file.path())) {
                copies.open(file.path(), path -> {
                    NodeSchema.read(path, file.path(), table, "", _ -> true, gap -> {
                        if (gap.text("stage").equals(STAGE)) {
                            told.add(gap.node() + gap.text("reason"));
                        }
                    });
                    return file;
                });
            }
        }
        return told;
    }

    private List<String> nodes(LandingTable table) throws IOException {
        return NodeTables.nodes(commits.open(table).summary());
    }

    private static NodeRow gap(LandingTable of, String node, long from, long to, long events, String why) {
        LandingTable table = LandingTable.GAPS;
        long[] numbers = new long[table.columns().size()];
        String[] texts = new String[numbers.length];
        numbers[table.column("from_time")] = from;
        numbers[table.column("to_time")] = to;
        numbers[table.column("events")] = events;
        texts[table.column("kind")] = of.tableName();
        texts[table.column("stage")] = STAGE;
        texts[table.column("reason")] = "damaged: " + why;
        return new NodeRow(table, node, 0, numbers, texts);
    }
}
