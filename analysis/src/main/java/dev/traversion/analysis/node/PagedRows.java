/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.node.NodeRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Keeps of many rows, which come in no order, those of a page, and holds no more. */
final class PagedRows implements Consumer<NodeRow> {

    /** What is the same in all of this is the same to whoever reads it. */
    private static final Comparator<NodeRow> ORDER = Comparator.comparingLong(NodeRow::time)
            .thenComparing(NodeRow::node)
            .thenComparing(NodeRow::table)
            .thenComparingLong(NodeRow::bootTime)
            .thenComparing(NodeRow::numbers, Arrays::compare)
            .thenComparing(row -> Arrays.toString(row.texts()));

    private final NodePage.Request request;
    private final Predicate<NodeRow> isWanted;
    private final Comparator<NodeRow> order;
    private final PriorityQueue<NodeRow> kept;
    private final long capacity;
    private long seen;

    PagedRows(NodePage.Request request, Predicate<NodeRow> isWanted) {
        this.request = request;
        this.isWanted = isWanted;
        this.order = request.isLatest() ? ORDER.reversed() : ORDER;
        this.kept = new PriorityQueue<>(order.reversed());
        this.capacity = request.skipped() + request.limit() + 1;
    }

    @Override
    public void accept(NodeRow row) {
        if (row.time() < request.time() || !isWanted.test(row)) {
            return;
        }
        seen++;
        kept.add(row);
        if (kept.size() > capacity) {
            kept.poll();
        }
    }

    /** One page of what several have kept. */
    static NodePage<NodeRow> page(NodePage.Request request, List<PagedRows> several) {
        List<NodeRow> rows = new ArrayList<>();
        long seen = 0;
        for (PagedRows each : several) {
            rows.addAll(each.kept);
            seen += each.seen;
        }
        rows.sort(request.isLatest() ? ORDER.reversed() : ORDER);
        // Those that were on pages before are the first ones of their time.
        int from = 0;
        while (from < rows.size() && from < request.skipped() && rows.get(from).time() == request.time()) {
            from++;
        }
        int to = (int) Math.min(rows.size(), (long) from + request.limit());
        List<NodeRow> page = rows.subList(from, to);
        if (request.isLatest()) {
            return new NodePage<>(page.reversed(), "", seen - page.size());
        }
        return new NodePage<>(page, to == rows.size() ? "" : next(rows, to), 0);
    }

    private static String next(List<NodeRow> rows, int at) {
        long time = rows.get(at).time();
        int before = at;
        while (before > 0 && rows.get(before - 1).time() == time) {
            before--;
        }
        return time + "_" + (at - before);
    }
}
