/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.LocalCopies;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The rows of data files of a table which may have rows in common: a file has those of the small ones it was to replace. Memory holds a
 * part of the rows, whatever their number.
 */
final class DataRows {

    private static final int ROWS_AT_ONCE = 1 << 18;

    private final LandingTable table;
    private final LocalCopies copies;
    private final RowOmissions omissions;

    /** @param omissions what must not come back */
    DataRows(LandingTable table, LocalCopies copies, RowOmissions omissions) {
        this.table = table;
        this.copies = copies;
        this.omissions = omissions;
    }

    /** How often a row is in the files: as often as in the one that has it most often, less what others have. */
    private static final class Count {
        private int file = -1;
        private int inFile;
        private int wanted;
    }

    /**
     * Gives the rows that some files have beyond others, part by part.
     *
     * @param files paths in the store
     * @param others likewise; they have no rows in common with each other
     * @param rows how many rows the files have
     */
    void beyond(List<String> files, List<String> others, long rows, Visitor visitor) throws IOException {
        int parts = (int) (rows / ROWS_AT_ONCE) + 1;
        for (int part = 0; part < parts; part++) {
            int wanted = part;
            Map<SameRow, Count> counts = new HashMap<>();
            for (int i = 0; i < files.size(); i++) {
                int file = i;
                read(files.get(i), row -> {
                    if (Math.floorMod(row.hashCode(), parts) == wanted) {
                        Count count = counts.computeIfAbsent(row, _ -> new Count());
                        count.inFile = count.file == file ? count.inFile + 1 : 1;
                        count.file = file;
                        count.wanted = Math.max(count.wanted, count.inFile);
                    }
                });
            }
            for (String other : counts.isEmpty() ? List.<String>of() : others) {
                read(other, row -> {
                    Count count = counts.get(row);
                    if (count != null) {
                        count.wanted--;
                    }
                });
            }
            for (Map.Entry<SameRow, Count> each : counts.entrySet()) {
                for (int i = each.getValue().wanted; i > 0; i--) {
                    visitor.visit(each.getKey().row());
                }
            }
            visitor.endPart();
        }
    }

    /** Takes rows, and is told when those that memory holds at once have been given. */
    interface Visitor {
        void visit(NodeRow row);

        void endPart() throws IOException;
    }

    /** Leaves of a set what is not in the files. */
    void removeFrom(Set<SameRow> rows, List<String> files) throws IOException {
        for (String file : files) {
            if (!rows.isEmpty()) {
                read(file, rows::remove);
            }
        }
    }

    private void read(String path, Consumer<SameRow> visitor) throws IOException {
        copies.open(path, file -> {
            NodeSchema.read(file, path, table, "", _ -> true, row -> omissions
                    .of(row)
                    .ifPresent(kept -> visitor.accept(new SameRow(kept))));
            return path;
        });
    }
}
