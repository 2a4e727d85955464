/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes what was erased out of the nodes' tables: writes the files that hold it without it, and deletes the old ones and all metadata
 * about them. Which rows that are, the denials say. Broken off anywhere, it can be run again. For one thread.
 */
public final class NodeErasure {

    private static final int ATTEMPTS = 10;

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final NodeCompaction compaction;
    private final NodeCommits commits;

    /**
     * @param copies of the store
     * @param workDirectory for files that are being written
     */
    public NodeErasure(Store store, Layout layout, LocalCopies copies, Path workDirectory) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.compaction = new NodeCompaction(store, layout, copies, workDirectory);
        this.commits = new NodeCommits(store, layout, workDirectory);
    }

    /**
     * Erases; what agents have landed is taken over first, without what is denied.
     *
     * @return how many rows of tables went, or were changed
     * @throws TraversionException if others commit again and again meanwhile
     */
    public long run() throws IOException {
        compaction.run();
        long erased = 0;
        for (LandingTable table : LandingTable.values()) {
            erased += attempt(table);
        }
        return erased;
    }

    private long attempt(LandingTable table) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Optional<Long> erased = run(table);
                if (erased.isPresent()) {
                    return erased.get();
                }
            } catch (NoSuchFileException e) {
                // Compacted meanwhile.
                System.getLogger(NodeErasure.class.getName()).log(System.Logger.Level.DEBUG, "compacted meanwhile", e);
            }
        }
        throw new TraversionException("Others committed to " + store.location() + "/"
                + layout.table(table.tableName()) + " " + ATTEMPTS
                + " times meanwhile. Nothing is damaged; run it again to finish.");
    }

    /** Empty if another one committed meanwhile. */
    private Optional<Long> run(LandingTable table) throws IOException {
        RowOmissions omissions = RowOmissions.load(store, layout);
        Set<String> before = commits.listed(table);
        RecordingTable committed = commits.open(table);
        Set<String> replaced = new TreeSet<>();
        Map<Long, List<NodeRow>> days = new TreeMap<>();
        long erased = 0;
        for (RecordingTable.File file : NodeCommits.files(committed)) {
            List<NodeRow> rows = new ArrayList<>();
            copies.open(file.path(), path -> {
                NodeSchema.read(path, file.path(), table, "", _ -> true, rows::add);
                return file;
            });
            List<NodeRow> kept = omissions.of(rows);
            if (!kept.equals(rows)) {
                Set<NodeRow> same = Collections.newSetFromMap(new IdentityHashMap<>());
                same.addAll(kept);
                erased += rows.stream().filter(row -> !same.contains(row)).count();
                replaced.add(file.path());
                kept.forEach(row -> days.computeIfAbsent(NodeCommits.day(row), _ -> new ArrayList<>())
                        .add(row));
            }
        }
        if (!replaced.isEmpty()) {
            List<RecordingTable.Addition> additions = new ArrayList<>();
            for (Map.Entry<Long, List<NodeRow>> day : days.entrySet()) {
                additions.add(commits.store(table, day.getKey(), day.getValue()));
            }
            if (!commits.replace(table, committed, replaced, additions, NodeCommits.landed(committed.summary()))) {
                return Optional.empty();
            }
        }
        // Also what a run that broke off has left, and what readers of earlier commits might still want: that is what
        // must go.
        commits.tidy(table, committed, before, 0);
        for (String path : replaced) {
            copies.forget(path);
        }
        return Optional.of(erased);
    }

    /** Whether something that is denied is in what agents write just now; it is left out when that is taken over. */
    public boolean isInLanding() throws IOException {
        RowOmissions omissions = RowOmissions.load(store, layout);
        boolean[] found = {false};
        new NodeTables(store, layout, copies)
                .landedRows(
                        row -> found[0] |= omissions.of(row).filter(row::equals).isEmpty());
        return found[0];
    }
}
