/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Up to which landed files the rows of a table are in its data files, where the commit that said so is damaged. */
final class LandedProgress {

    private final LandingTable table;
    private final RowOmissions omissions;
    private final DataRows data;
    private final Map<String, LandingName> through;
    private final Map<String, LandingName> notTaken = new HashMap<>();

    private LandedProgress(
            LandingTable table, RowOmissions omissions, DataRows data, Map<String, LandingName> through) {
        this.table = table;
        this.omissions = omissions;
        this.data = data;
        this.through = through;
    }

    /**
     * Finds out. A landed file is taken as a whole, those of a node in their order, and is deleted when it is in all tables. So one that
     * is there is in the table if its rows are in the data files; and one that is gone was in it.
     *
     * @param known what older commits, and those of other tables, say
     * @param files data files that no commit names which is whole
     * @return as in a commit's summary
     */
    static Map<String, String> of(
            Store store,
            Layout layout,
            LocalCopies copies,
            LandingTable table,
            Map<String, String> base,
            List<Map<String, String>> known,
            List<String> files)
            throws IOException {
        RowOmissions omissions = RowOmissions.load(store, layout);
        LandedProgress progress =
                new LandedProgress(table, omissions, new DataRows(table, copies, omissions), NodeTables.through(base));
        NodeTables tables = new NodeTables(store, layout, copies);
        LandedFile last = null;
        for (StoredFile file : store.list(layout.landing())) {
            Optional<LandingName> name = tables.name(file);
            if (name.isPresent() && !progress.isKnown(name.get())) {
                boolean isSameNode =
                        last != null && last.name().node().equals(name.get().node());
                last = NodeTables.read(store, file.path(), name.get(), isSameNode ? last : null);
                progress.add(last, files);
            }
        }
        Map<String, String> summary = new TreeMap<>(NodeCommits.landed(base));
        for (Map<String, String> other : known) {
            // Their names say that there were agents.
            NodeTables.nodes(other).forEach(node -> summary.putIfAbsent(NodeTables.LANDED + node, ""));
            NodeTables.through(other).values().forEach(progress::gone);
        }
        progress.through.forEach((node, name) -> summary.put(NodeTables.LANDED + node, name.path()));
        return summary;
    }

    /** Whether nothing can be learned of a file any more: it is in the table, or comes after one that is not. */
    private boolean isKnown(LandingName name) {
        return notTaken.containsKey(name.node()) || !NodeTables.isAfter(name, through);
    }

    private void add(LandedFile file, List<String> files) throws IOException {
        Set<SameRow> rows = new HashSet<>();
        omissions.of(file.rows(table)).forEach(row -> rows.add(new SameRow(row)));
        if (rows.isEmpty()) {
            // The table may have taken it or not, with the same rows.
            return;
        }
        data.removeFrom(rows, files);
        if (rows.isEmpty()) {
            through.put(file.name().node(), file.name());
        } else {
            notTaken.put(file.name().node(), file.name());
        }
    }

    /** Another table has taken a file. */
    private void gone(LandingName name) {
        LandingName first = notTaken.get(name.node());
        if (NodeTables.isAfter(name, through) && (first == null || name.compareTo(first) < 0)) {
            through.put(name.node(), name);
        }
    }
}
