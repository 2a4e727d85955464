/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which lookups of names came to nothing. A resolver that is given {@code db.shop} asks for it in one domain after another until there is an
 * answer (resolv.conf's search): that there was none in the others is no failure.
 */
public final class FailedLookups {

    private static final long SEARCH_NANOS = 2_000_000_000L;
    private static final long NO_SUCH_NAME = 3;

    /** Who asks, and for what in front of the domain. */
    private record Asked(String node, long pid, long processStart, String host) {

        static Asked of(NodeRow row) {
            String name = row.text("name");
            int dot = name.indexOf('.');
            return new Asked(
                    row.node(),
                    row.number("pid"),
                    row.number("process_start"),
                    dot < 0 ? name : name.substring(0, dot));
        }
    }

    private final List<NodeRow> failed;
    private final Map<Asked, NavigableSet<Long>> found = new HashMap<>();

    /**
     * Rows of lookups that came to nothing.
     *
     * @param from ns, inclusive
     * @param to ns, exclusive
     */
    public static List<NodeRow> in(NodeTables tables, long from, long to, Predicate<NodeRow> isWanted)
            throws IOException {
        List<NodeRow> failed = tables.rows(LandingTable.DNS, from, to, row -> isFailed(row) && isWanted.test(row));
        if (failed.isEmpty()) {
            return failed;
        }
        FailedLookups lookups = new FailedLookups(failed);
        tables.rows(LandingTable.DNS, from, to, lookups::isFoundOfThem).forEach(lookups::found);
        return lookups.rest();
    }

    /** @param failed all that had no answer, or one that says no */
    FailedLookups(List<NodeRow> failed) {
        this.failed = failed;
        failed.forEach(row -> found.put(Asked.of(row), new TreeSet<>()));
    }

    static boolean isFailed(NodeRow row) {
        return row.text("kind").equals("unanswered") || row.number("code") != 0;
    }

    /** Whether a lookup may explain one that failed. */
    boolean isFoundOfThem(NodeRow row) {
        return !isFailed(row) && found.containsKey(Asked.of(row));
    }

    void found(NodeRow row) {
        found.get(Asked.of(row)).add(row.time());
    }

    /** Those that nothing that was found explains. */
    List<NodeRow> rest() {
        return failed.stream()
                .filter(row -> row.number("code") != NO_SUCH_NAME || !isFoundNear(row))
                .toList();
    }

    private boolean isFoundNear(NodeRow row) {
        Long next = found.get(Asked.of(row)).ceiling(row.time() - SEARCH_NANOS);
        return next != null && next <= row.time() + SEARCH_NANOS;
    }
}
