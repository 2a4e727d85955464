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
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reads what happened on the nodes of a cluster: the tables, and what was landed since they were compacted. Each read sees what is there
 * when it begins. For one thread.
 */
public final class NodeTables {

    /** Of a commit of a table: up to which landed file of a node its rows are in it. */
    static final String LANDED = "traversion.landed.";

    static final String POD_UID = "pod_uid";

    private static final int ATTEMPTS = 10;

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;

    /** @param copies of the store */
    public NodeTables(Store store, Layout layout, LocalCopies copies) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
    }

    /** The nodes whose agents have landed something, or whose clocks are in the tables; empty if there never was an agent. */
    public List<String> nodes() throws IOException {
        List<String> nodes = new ArrayList<>(store.folders(layout.landing()));
        nodes.addAll(nodes(table(LandingTable.CLOCK).summary()));
        return nodes.stream().distinct().sorted().toList();
    }

    /** Whether a table has any row. */
    public boolean hasRows(LandingTable table) throws IOException {
        List<StoredFile> landed = store.list(layout.landing());
        RecordingTable committed = table(table);
        boolean[] found = {!NodeCommits.files(committed).isEmpty()};
        if (!found[0]) {
            landed(landed, committed, file -> found[0] |= !file.rows(table).isEmpty());
        }
        return found[0];
    }

    /**
     * The rows of a stretch of time, by time.
     *
     * @param from ns, inclusive
     * @param to ns, exclusive; of gaps, all that touch the stretch count
     * @throws dev.traversion.archive.TraversionException if a file of a table is damaged
     */
    public List<NodeRow> rows(LandingTable table, long from, long to, Predicate<NodeRow> isWanted) throws IOException {
        NoSuchFileException gone = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return read(table, from, to, isWanted);
            } catch (NoSuchFileException e) {
                // Compacted, or forgotten, since it was listed.
                gone = e;
            }
        }
        throw gone;
    }

    /**
     * Which rows.
     *
     * @param time the column whose times, ns UTC, count
     * @param from inclusive
     * @param to exclusive
     * @param podUid only of this pod; of all, and of nodes, if {@code ""}
     */
    public record Selection(String time, long from, long to, String podUid) {}

    /**
     * Visits rows in no order, and holds none.
     *
     * @param visitor makes one that has seen nothing: what is read may be compacted meanwhile, and is read again then
     * @return the one that has seen them all
     * @throws dev.traversion.archive.TraversionException if a file of a table is damaged
     */
    public <V extends Consumer<NodeRow>> V visit(LandingTable table, Selection selection, Supplier<V> visitor)
            throws IOException {
        NoSuchFileException gone = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                V fresh = visitor.get();
                visit(table, selection, fresh);
                return fresh;
            } catch (NoSuchFileException e) {
                gone = e;
            }
        }
        throw gone;
    }

    private void visit(LandingTable table, Selection selection, Consumer<NodeRow> visitor) throws IOException {
        int time = table.column(selection.time());
        Predicate<long[]> isInside = values -> values[time] >= selection.from() && values[time] < selection.to();
        List<StoredFile> landed = store.list(layout.landing());
        RecordingTable committed = table(table);
        for (RecordingTable.File file : NodeCommits.files(committed)) {
            if (file.greatest().getOrDefault(selection.time(), Long.MAX_VALUE) >= selection.from()
                    && file.least().getOrDefault(selection.time(), Long.MIN_VALUE) < selection.to()) {
                copies.open(file.path(), path -> {
                    NodeSchema.read(path, file.path(), table, selection.podUid(), isInside, visitor);
                    return file;
                });
            }
        }
        landed(landed, committed, file -> {
            for (NodeRow row : file.rows(table)) {
                if (isInside.test(row.numbers())
                        && (selection.podUid().isEmpty() || row.text(POD_UID).equals(selection.podUid()))) {
                    visitor.accept(row);
                }
            }
        });
    }

    private List<NodeRow> read(LandingTable table, long from, long to, Predicate<NodeRow> isWanted) throws IOException {
        // What is landed comes first: what a compaction takes from it meanwhile is in the table then.
        List<StoredFile> landed = store.list(layout.landing());
        RecordingTable committed = table(table);
        List<NodeRow> rows = new ArrayList<>();
        int until = table == LandingTable.GAPS ? table.column("to_time") : 0;
        Predicate<long[]> isInside =
                values -> values[0] < to && (until == 0 ? values[0] >= from : values[until] > from);
        for (RecordingTable.File file : NodeCommits.files(committed)) {
            String first = table.columns().getFirst().name();
            boolean isEarlier = until == 0 && file.greatest().getOrDefault(first, Long.MAX_VALUE) < from;
            if (isEarlier || file.least().getOrDefault(first, Long.MIN_VALUE) >= to) {
                continue;
            }
            copies.open(file.path(), path -> {
                NodeSchema.read(path, file.path(), table, "", isInside, row -> {
                    if (isWanted.test(row)) {
                        rows.add(row);
                    }
                });
                return file;
            });
        }
        landed(landed, committed, file -> {
            for (NodeRow row : file.rows(table)) {
                if (isInside.test(row.numbers()) && isWanted.test(row)) {
                    rows.add(row);
                }
            }
        });
        rows.sort(Comparator.comparingLong(NodeRow::time));
        return rows;
    }

    /**
     * All rows of a table as Parquet files of this machine: those of the table, and one of what is not compacted yet.
     *
     * @param folder for that one; the caller deletes it
     */
    public List<Path> files(LandingTable table, Path folder) throws IOException {
        List<StoredFile> landed = store.list(layout.landing());
        RecordingTable committed = table(table);
        List<Path> files = new ArrayList<>();
        for (RecordingTable.File file : NodeCommits.files(committed)) {
            files.add(copies.get(file.path()));
        }
        List<NodeRow> rows = new ArrayList<>();
        landed(landed, committed, file -> rows.addAll(file.rows(table)));
        if (!rows.isEmpty()) {
            rows.sort(NodeSchema.order(table));
            Path pending = folder.resolve(table.tableName() + ".parquet");
            NodeSchema.write(pending, table, rows);
            files.add(pending);
        }
        return files;
    }

    /**
     * When the first and the last row of a table are; of gaps, from the first to their last end.
     *
     * @param from ns; later than {@code to} if there is no row
     * @param to ns
     */
    record Extent(long from, long to) {}

    Extent extent(LandingTable table) throws IOException {
        List<StoredFile> landed = store.list(layout.landing());
        RecordingTable committed = table(table);
        String first = table.columns().getFirst().name();
        String last = table == LandingTable.GAPS ? "to_time" : first;
        int end = table.column(last);
        long[] extent = {Long.MAX_VALUE, Long.MIN_VALUE};
        for (RecordingTable.File file : NodeCommits.files(committed)) {
            extent[0] = Math.min(extent[0], file.least().getOrDefault(first, Long.MIN_VALUE));
            extent[1] = Math.max(extent[1], file.greatest().getOrDefault(last, Long.MAX_VALUE));
        }
        landed(landed, committed, file -> {
            for (NodeRow row : file.rows(table)) {
                extent[0] = Math.min(extent[0], row.time());
                extent[1] = Math.max(extent[1], row.numbers()[end]);
            }
        });
        // A gap without an end ends never, which is no time to count to.
        return new Extent(extent[0], Math.min(extent[1], Long.MAX_VALUE - 1));
    }

    /** Visits the rows of all tables that are landed, and not in their table yet. */
    void landedRows(Consumer<NodeRow> visitor) throws IOException {
        for (LandingTable table : LandingTable.values()) {
            landed(store.list(layout.landing()), table(table), file -> file.rows(table)
                    .forEach(visitor));
        }
    }

    /** Visits the landed files that are not in a table yet. */
    private void landed(List<StoredFile> landed, RecordingTable committed, Consumer<LandedFile> visitor)
            throws IOException {
        Map<String, LandingName> through = through(committed.summary());
        LandedFile last = null;
        for (StoredFile file : landed) {
            Optional<LandingName> name = name(file);
            if (name.isPresent() && isAfter(name.get(), through)) {
                boolean isSameNode =
                        last != null && last.name().node().equals(name.get().node());
                last = read(store, file.path(), name.get(), isSameNode ? last : null);
                visitor.accept(last);
            }
        }
    }

    private RecordingTable table(LandingTable table) throws IOException {
        return NodeCommits.open(store, layout, table);
    }

    Optional<LandingName> name(StoredFile file) {
        return LandingName.parse(file.path().substring(layout.landing().length()));
    }

    /** @param before the file of the same node before it; null if that is not known */
    static LandedFile read(Store store, String path, LandingName name, LandedFile before) throws IOException {
        byte[] bytes;
        try (InputStream in = store.read(path)) {
            bytes = in.readAllBytes();
        }
        boolean isSameRun = before != null && before.name().epoch() == name.epoch();
        return LandedFile.read(name, path, bytes, isSameRun ? before.clock() : new NodeClock());
    }

    static boolean isAfter(LandingName name, Map<String, LandingName> through) {
        LandingName last = through.get(name.node());
        return last == null || name.compareTo(last) > 0;
    }

    /** The nodes whose rows are in a table. */
    static List<String> nodes(Map<String, String> summary) {
        return summary.keySet().stream()
                .filter(key -> key.startsWith(LANDED))
                .map(key -> key.substring(LANDED.length()))
                .toList();
    }

    /** Up to which landed file the rows are in a table, by node. */
    static Map<String, LandingName> through(Map<String, String> summary) {
        Map<String, LandingName> through = new TreeMap<>();
        summary.forEach((key, path) -> {
            if (key.startsWith(LANDED)) {
                LandingName.parse(path).ifPresent(name -> through.put(name.node(), name));
            }
        });
        return through;
    }
}
