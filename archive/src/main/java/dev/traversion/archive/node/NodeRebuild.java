/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a table together again whose commits are damaged: one that is whole, the newest there is, and what the data files hold beyond it.
 * For one thread.
 */
final class NodeRebuild {

    private static final Pattern DAY = Pattern.compile(".*/day=(\\d{4}-\\d{2}-\\d{2})/.*");

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final NodeCommits commits;
    private final LandingTable table;
    private final NodeCheck.Findings findings;
    private final RecordingTable older;
    private final List<RecordingTable.File> files = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final Map<String, String> damagedOthers = new TreeMap<>();
    private final Set<String> nodes = new TreeSet<>();
    private int base;
    private long rows;
    private long from;

    /** @param findings what is wrong with the table */
    NodeRebuild(
            Store store,
            Layout layout,
            LocalCopies copies,
            NodeCommits commits,
            LandingTable table,
            NodeCheck.Findings findings) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.commits = commits;
        this.table = table;
        this.findings = findings;
        this.older = NodeCommits.unopened(store, layout, table);
    }

    LandingTable table() {
        return table;
    }

    /**
     * Looks for what there is to build on.
     *
     * @param named what the seals of the recording say of those of the table
     */
    void examine(Map<String, SealedFile> named) throws IOException {
        Map<String, SealedFile> sealed = new HashMap<>();
        for (NodeSeals.Kept seal : new NodeSeals(store, layout, table).kept(named)) {
            seal.files().forEach(file -> sealed.put(layout.root() + file.path(), file));
        }
        base = older.newestWhole(path -> isWhole(path, sealed));
        goOn();
        if (base == findings.newest()) {
            return;
        }
        Set<String> known = new TreeSet<>();
        String time = table.columns().getFirst().name();
        for (RecordingTable.File file : files) {
            known.add(file.path());
            from = Math.max(from, file.greatest().getOrDefault(time, 0L));
        }
        for (String path : commits.listed(table)) {
            if (path.startsWith(layout.table(table.tableName()) + "/data/") && !known.contains(path)) {
                other(path);
            }
        }
    }

    /** Any number of times: what it is built on stays the same. */
    private void goOn() throws IOException {
        older.goOnFrom(base, findings.newest());
        files.clear();
        files.addAll(NodeCommits.files(older));
    }

    private boolean isWhole(String path, Map<String, SealedFile> sealed) {
        try {
            SealedFile expected = sealed.get(path);
            SealedFile now = SealedFile.of(store, layout.root(), path);
            return expected == null || expected.equals(now);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void other(String path) throws IOException {
        try {
            // What counts is what the store has.
            copies.forget(path);
            long[] count = {0};
            copies.open(path, file -> {
                FileHash.check(file, path);
                NodeSchema.read(file, path, table, "", _ -> true, row -> {
                    nodes.add(row.node());
                    count[0]++;
                });
                return path;
            });
            others.add(path);
            rows += count[0];
        } catch (TraversionException e) {
            damagedOthers.put(path, e.getMessage());
            Matcher day = DAY.matcher(path);
            from = day.matches()
                    ? Math.min(
                            from,
                            Times.nanos(LocalDate.parse(day.group(1))
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant()))
                    : 0;
        }
    }

    /** The files of the commit that is built on. */
    List<RecordingTable.File> files() {
        return files;
    }

    /** What is damaged, by path: metadata, manifests and seals, and data files that may have had rows of the newest commit. */
    Collection<String> damaged() {
        Set<String> damaged = new TreeSet<>(findings.commits().keySet());
        damaged.addAll(damagedOthers.keySet());
        return damaged;
    }

    /** Whether rows may be missing: of the empty table that the first commit makes there were none. */
    boolean mayHaveLost() {
        return base < findings.newest() && findings.newest() >= NodeSeals.FIRST;
    }

    /** From when on rows may be missing, ns UTC: after the commit that is built on, and of all time if there is none. */
    long from() {
        return from;
    }

    /** Nodes whose rows are in files that are brought in. */
    Set<String> nodes() {
        return nodes;
    }

    /** Why rows may be missing. */
    String reason() {
        return "commit " + findings.newest() + " of " + table.tableName()
                + " cannot be read, and "
                + (base == 0
                        ? "none before it: which rows it had is not known"
                        : "which rows came after commit " + base + " is not known");
    }

    /** What a run does, a sentence each. */
    List<String> steps() {
        List<String> steps = new ArrayList<>(findings.commits().values());
        damagedOthers.forEach((path, why) -> steps.add(why));
        steps.add(
                base == findings.newest()
                        ? "Commit " + base + " of " + table.tableName() + " is whole: it is kept, and sealed again."
                        : "The table " + table.tableName() + " is put together from "
                                + (base == 0 ? "" : "commit " + base + " and ") + others.size()
                                + " files that hold " + rows + " rows; "
                                + (mayHaveLost()
                                        ? "that there may have been more becomes a gap."
                                        : "there were none."));
        return steps;
    }

    /**
     * Commits it. Broken off before, the table is what it was; after it, the next run deletes what is left over.
     *
     * @param removed damaged files of the commit that is built on
     * @param more rows to add
     * @param known what the commits of other tables say of landed files
     * @throws TraversionException if somebody else commits meanwhile
     */
    void run(Collection<String> removed, List<NodeRow> more, List<Map<String, String>> known) throws IOException {
        Set<String> before = commits.listed(table);
        goOn();
        Map<Long, List<NodeRow>> days = new TreeMap<>();
        more.forEach(row -> add(days, row));
        List<RecordingTable.Addition> additions = new ArrayList<>();
        List<String> kept = files.stream()
                .map(RecordingTable.File::path)
                .filter(path -> !removed.contains(path))
                .toList();
        new DataRows(table, copies, RowOmissions.load(store, layout))
                .beyond(others, kept, rows, new DataRows.Visitor() {
                    @Override
                    public void visit(NodeRow row) {
                        add(days, row);
                    }

                    @Override
                    public void endPart() throws IOException {
                        for (Map.Entry<Long, List<NodeRow>> day : days.entrySet()) {
                            additions.add(commits.store(table, day.getKey(), day.getValue()));
                        }
                        days.clear();
                    }
                });
        Map<String, String> summary = LandedProgress.of(store, layout, copies, table, older.summary(), known, others);
        nodes.forEach(node -> summary.putIfAbsent(NodeTables.LANDED + node, ""));
        if (!commits.goOn(table, older, removed, additions, summary)) {
            throw new TraversionException("Somebody else committed to " + store.location() + "/"
                    + layout.table(table.tableName())
                    + " while it was being repaired. Nothing is damaged further; stop the recorder, and run it again.");
        }
        commits.tidy(table, older, before, 0);
    }

    private static void add(Map<Long, List<NodeRow>> days, NodeRow row) {
        days.computeIfAbsent(NodeCommits.day(row), _ -> new ArrayList<>()).add(row);
    }
}
