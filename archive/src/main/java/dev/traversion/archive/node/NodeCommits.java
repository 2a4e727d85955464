/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.seal.Seal;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.table.RecordingTable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The commits of the nodes' tables: reads them, makes and seals new ones, and deletes what none of late needs. For one thread. */
final class NodeCommits {

    private static final long DAY = 86_400_000_000_000L;

    private final Store store;
    private final Layout layout;
    private final Path workDirectory;

    /** @param workDirectory for files that are being written */
    NodeCommits(Store store, Layout layout, Path workDirectory) {
        this.store = store;
        this.layout = layout;
        this.workDirectory = workDirectory;
    }

    /**
     * A table as of its newest commit.
     *
     * @throws TraversionException if that is damaged, or a newer one was sealed
     */
    static RecordingTable open(Store store, Layout layout, LandingTable table) throws IOException {
        // Before the commits: one that is made and sealed meanwhile is not missing.
        int sealed = new NodeSeals(store, layout, table).newest();
        RecordingTable committed = unopened(store, layout, table);
        committed.refreshFromNewest();
        if (committed.commit() < sealed) {
            throw new TraversionException(store.location() + "/" + layout.table(table.tableName()) + "/metadata/v"
                    + sealed
                    + ".metadata.json is missing, although it was sealed. Restore it from a copy of the recording, or let"
                    + " `kubectl traversion repair` go on without it.");
        }
        return committed;
    }

    static RecordingTable unopened(Store store, Layout layout, LandingTable table) {
        return new RecordingTable(store, layout.table(table.tableName()), NodeSchema.of(table));
    }

    /**
     * The files of a table.
     *
     * @throws TraversionException if what names them is damaged
     * @throws NoSuchFileException if that is gone: somebody committed meanwhile, or it is missing
     */
    static List<RecordingTable.File> files(RecordingTable committed) throws IOException {
        try {
            return committed.files();
        } catch (EOFException | IllegalArgumentException | IllegalStateException | NullPointerException e) {
            // What Iceberg and Avro make of bytes that make no sense.
            throw damaged(e);
        } catch (TraversionException e) {
            throw e;
        } catch (RuntimeException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                throw (NoSuchFileException) new NoSuchFileException(e.getMessage()).initCause(e);
            }
            throw damaged(e);
        }
    }

    private static TraversionException damaged(Exception e) {
        return new TraversionException("What says which files a table of nodes has is damaged: " + e.getMessage(), e);
    }

    RecordingTable open(LandingTable table) throws IOException {
        return open(store, layout, table);
    }

    /** Of a commit's summary: up to which landed files its rows are in the table. */
    static Map<String, String> landed(Map<String, String> summary) {
        Map<String, String> kept = new TreeMap<>(summary);
        kept.keySet().removeIf(key -> !key.startsWith(NodeTables.LANDED));
        return kept;
    }

    static long day(NodeRow row) {
        return Math.floorDiv(row.time(), DAY);
    }

    /** Where the files of a day lie. */
    String folder(LandingTable table, long day) {
        return layout.table(table.tableName()) + "/data/day=" + LocalDate.ofEpochDay(day) + "/";
    }

    /** Stores rows, in whatever order they are, as a file that no commit names yet. */
    RecordingTable.Addition store(LandingTable table, long day, List<NodeRow> rows) throws IOException {
        rows.sort(NodeSchema.order(table));
        Files.createDirectories(workDirectory);
        Path file = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        try {
            WrittenFile written = NodeSchema.write(file, table, rows);
            String path = folder(table, day) + written.name();
            store.create(path, file);
            return new RecordingTable.Addition(path, written);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Takes files out of a table and puts others in, in one sealed commit, after the one before it is sealed.
     *
     * @param committed what it is built on
     * @param removed paths in the store
     * @param summary up to which landed files its rows are in the table
     * @return whether it was made; if not, somebody else committed meanwhile
     */
    boolean replace(
            LandingTable table,
            RecordingTable committed,
            Collection<String> removed,
            List<RecordingTable.Addition> additions,
            Map<String, String> summary)
            throws IOException {
        new NodeSeals(store, layout, table).complete(committed);
        return goOn(table, committed, removed, additions, summary);
    }

    /** As {@link #replace}, but built on an older commit, since the newest is damaged. */
    boolean goOn(
            LandingTable table,
            RecordingTable older,
            Collection<String> removed,
            List<RecordingTable.Addition> additions,
            Map<String, String> summary)
            throws IOException {
        boolean isMade = older.replace(removed, additions, summary);
        if (isMade) {
            new NodeSeals(store, layout, table).complete(older);
        }
        return isMade;
    }

    /** The files of a table that are there, whether a commit names them or not. */
    Set<String> listed(LandingTable table) throws IOException {
        Set<String> paths = new TreeSet<>();
        for (StoredFile file : store.list(layout.table(table.tableName()) + "/")) {
            paths.add(file.path());
        }
        return paths;
    }

    /**
     * Deletes what no commit of late needs. Whoever else has put a file there and not committed it yet builds on an older commit, and
     * loses.
     *
     * @param before what was there before the commit
     * @param remembered how many commits before the last one stay
     */
    void tidy(LandingTable table, RecordingTable committed, Set<String> before, int remembered) throws IOException {
        // The seal before it, which this one names, may go.
        new NodeSeals(store, layout, table).complete(committed);
        int oldest = committed.commit() - remembered;
        Set<String> needed = new TreeSet<>();
        for (int commit = Math.max(1, oldest); commit <= committed.commit(); commit++) {
            RecordingTable earlier = unopened(store, layout, table);
            try {
                earlier.goOnFrom(commit, commit);
                needed.addAll(earlier.commitFiles().metadataSince(commit));
                files(earlier).forEach(file -> needed.add(file.path()));
            } catch (TraversionException | NoSuchFileException e) {
                // Who deleted what it needs was killed, or it is damaged: nobody reads by it.
                if (commit == committed.commit()) {
                    throw e;
                }
                System.getLogger(NodeCommits.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
            }
        }
        for (String path : before) {
            if (!needed.contains(path) && isOurs(table, path) && !isSealSince(table, path, oldest)) {
                store.delete(path);
            }
        }
    }

    private boolean isOurs(LandingTable table, String path) {
        String root = layout.table(table.tableName());
        return path.startsWith(root + "/data/")
                || path.startsWith(root + "/metadata/")
                || path.startsWith(layout.tableSeals(table.tableName()));
    }

    private boolean isSealSince(LandingTable table, String path, int oldest) {
        return path.startsWith(layout.tableSeals(table.tableName())) && Seal.number(path) >= oldest;
    }
}
