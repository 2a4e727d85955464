/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes what happened on nodes in a stretch of time as tables of another recording. Memory holds the rows of an hour. */
public final class NodeExport {

    private static final long HOUR = 3_600_000_000_000L;

    private final NodeTables tables;
    private final NodeCommits commits;

    /**
     * @param tables to read
     * @param store to write to
     * @param layout likewise
     */
    public NodeExport(NodeTables tables, Store store, Layout layout, Path workDirectory) {
        this.tables = tables;
        this.commits = new NodeCommits(store, layout, workDirectory);
    }

    /**
     * Writes them.
     *
     * @param from ns, inclusive
     * @param to ns, inclusive
     */
    public void write(long from, long to) throws IOException {
        List<String> nodes = tables.nodes();
        if (nodes.isEmpty()) {
            return;
        }
        // Nothing of them is landed there: their names say that there was an agent.
        Map<String, String> summary = new TreeMap<>();
        nodes.forEach(node -> summary.put(NodeTables.LANDED + node, ""));
        for (LandingTable table : LandingTable.values()) {
            List<RecordingTable.Addition> additions = new ArrayList<>();
            NodeTables.Extent extent = tables.extent(table);
            long last = Math.min(to, extent.to());
            // A gap counts if it touches the stretch, and is one row.
            long step = table == LandingTable.GAPS ? Long.MAX_VALUE : HOUR;
            for (long begin = Math.max(from, extent.from()); begin <= last; ) {
                long end = step > last - begin ? last + 1 : begin + step;
                List<NodeRow> rows = new ArrayList<>(tables.rows(table, begin, end, _ -> true));
                if (!rows.isEmpty()) {
                    additions.add(commits.store(table, NodeCommits.day(rows.getFirst()), rows));
                }
                begin = end;
            }
            if (!additions.isEmpty() || table == LandingTable.CLOCK) {
                commits.replace(table, commits.open(table), List.of(), additions, summary);
            }
        }
    }
}
