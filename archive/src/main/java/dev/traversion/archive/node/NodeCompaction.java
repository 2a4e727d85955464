/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes sorted tables of what was landed, a file a day and table until it is large enough. It may run beside another, and be killed
 * anywhere: each table's commit says what is in it, and only what is in all tables is deleted. For one thread.
 */
public final class NodeCompaction {

    private static final long BATCH_BYTES = 2 << 20;
    private static final long LARGE_FILE = 1 << 20;

    /** Readers may still be at an older commit. */
    private static final int REMEMBERED_COMMITS = 2;

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final NodeCommits commits;
    private final NodeTables tables;

    /**
     * @param copies of the store
     * @param workDirectory for files that are being written
     */
    public NodeCompaction(Store store, Layout layout, LocalCopies copies, Path workDirectory) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.commits = new NodeCommits(store, layout, workDirectory);
        this.tables = new NodeTables(store, layout, copies);
    }

    /**
     * Takes over all landed files that will not grow any more.
     *
     * @return how many
     */
    public int run() throws IOException {
        int files = 0;
        for (List<StoredFile> batch = batch(); !batch.isEmpty(); batch = batch()) {
            if (!compact(batch)) {
                // Another one compacts just now.
                return files;
            }
            files += batch.size();
        }
        return files;
    }

    /**
     * Drops the files of tables whose rows are all older.
     *
     * @param cutoff ns UTC
     */
    public void forget(long cutoff) throws IOException {
        for (LandingTable table : LandingTable.values()) {
            RecordingTable committed = commits.open(table);
            Set<String> old = new TreeSet<>();
            for (RecordingTable.File file : NodeCommits.files(committed)) {
                if (file.greatest().getOrDefault(time(table), Long.MAX_VALUE) < cutoff) {
                    old.add(file.path());
                }
            }
            if (!old.isEmpty()) {
                Set<String> before = commits.listed(table);
                if (commits.replace(table, committed, old, List.of(), NodeCommits.landed(committed.summary()))) {
                    commits.tidy(table, committed, before, REMEMBERED_COMMITS);
                }
            }
        }
    }

    /** The oldest landed files: those that are complete, or that their node's agent does not write to any more. */
    private List<StoredFile> batch() throws IOException {
        Map<String, StoredFile> newest = new TreeMap<>();
        List<StoredFile> all = new ArrayList<>();
        for (StoredFile file : store.list(layout.landing())) {
            Optional<LandingName> name = tables.name(file);
            if (name.isPresent()) {
                all.add(file);
                newest.put(name.get().node(), file);
            }
        }
        List<StoredFile> batch = new ArrayList<>();
        long bytes = 0;
        for (StoredFile file : all) {
            boolean isNewest = newest.containsValue(file);
            if (bytes > BATCH_BYTES || (isNewest && !isEnded(file))) {
                continue;
            }
            batch.add(file);
            bytes += file.size();
        }
        return batch;
    }

    private boolean isEnded(StoredFile file) throws IOException {
        return NodeTables.read(store, file.path(), tables.name(file).orElseThrow(), null)
                .ended();
    }

    private boolean compact(List<StoredFile> batch) throws IOException {
        List<LandedFile> files = new ArrayList<>();
        for (StoredFile file : batch) {
            LandingName name = tables.name(file).orElseThrow();
            LandedFile before = files.isEmpty() ? null : files.getLast();
            boolean isSameNode = before != null && before.name().node().equals(name.node());
            files.add(NodeTables.read(store, file.path(), name, isSameNode ? before : null));
        }
        for (LandingTable table : LandingTable.values()) {
            if (!compact(table, files)) {
                return false;
            }
        }
        for (StoredFile file : batch) {
            store.delete(file.path());
        }
        return true;
    }

    /** Whether the table has their rows now; if not, another one committed meanwhile. */
    private boolean compact(LandingTable table, List<LandedFile> files) throws IOException {
        Set<String> before = commits.listed(table);
        RecordingTable committed = commits.open(table);
        Map<String, LandingName> through = NodeTables.through(committed.summary());
        Map<String, String> summary = new HashMap<>(NodeCommits.landed(committed.summary()));
        Map<Long, List<NodeRow>> days = new TreeMap<>();
        RowOmissions omissions = RowOmissions.load(store, layout);
        for (LandedFile file : files) {
            if (!NodeTables.isAfter(file.name(), through)) {
                continue;
            }
            summary.put(NodeTables.LANDED + file.name().node(), file.name().path());
            for (NodeRow row : omissions.of(file.rows(table))) {
                days.computeIfAbsent(NodeCommits.day(row), any -> new ArrayList<>())
                        .add(row);
            }
        }
        if (days.isEmpty()) {
            return true;
        }
        Set<String> replaced = new TreeSet<>();
        List<RecordingTable.Addition> additions = new ArrayList<>();
        for (Map.Entry<Long, List<NodeRow>> day : days.entrySet()) {
            addSmallFiles(table, committed, day.getKey(), day.getValue(), replaced);
            additions.add(commits.store(table, day.getKey(), day.getValue()));
        }
        if (!commits.replace(table, committed, replaced, additions, summary)) {
            return false;
        }
        commits.tidy(table, committed, before, REMEMBERED_COMMITS);
        return true;
    }

    private void addSmallFiles(
            LandingTable table, RecordingTable committed, long day, List<NodeRow> rows, Set<String> replaced)
            throws IOException {
        for (RecordingTable.File file : NodeCommits.files(committed)) {
            if (file.bytes() < LARGE_FILE && file.path().startsWith(commits.folder(table, day))) {
                copies.open(file.path(), path -> {
                    NodeSchema.read(path, file.path(), table, "", _ -> true, rows::add);
                    return file;
                });
                replaced.add(file.path());
            }
        }
    }

    private static String time(LandingTable table) {
        return table.columns().getFirst().name();
    }
}
