/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.analysis.node.NodeNames;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Who talked to whom in the minutes before a moment. */
final class FlowEdges {

    private static final long BEFORE = 600_000_000_000L;

    private final NodeTables tables;
    private final NodeNames names;
    private final long time;

    /**
     * @param known with nothing in it but what may be told of
     * @param everything with all others
     */
    FlowEdges(History known, History everything, long time) throws IOException {
        this.tables = everything.nodes();
        this.names = NodeNames.of(known, everything, time - BEFORE, time);
        this.time = time;
    }

    /**
     * Connections from one to another.
     *
     * @param count of those that were made
     * @param failed of those that were not
     * @param bytes sent and received
     */
    record Sum(long count, long failed, long bytes) {

        private Sum and(Sum other) {
            return new Sum(count + other.count, failed + other.failed, bytes + other.bytes);
        }
    }

    /** Told of each pair. */
    interface Visitor {
        void flow(ObjectKey from, ObjectKey to, Sum flow);
    }

    private record Pair(ObjectKey from, ObjectKey to) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            int order = from.compareTo(other.from);
            return order != 0 ? order : to.compareTo(other.to);
        }
    }

    private final class Sums implements Consumer<NodeRow> {
        private final Map<Pair, Sum> connecting = new TreeMap<>();
        private final Map<Pair, Sum> accepting = new TreeMap<>();

        @Override
        public void accept(NodeRow row) {
            long bytes = row.number("sent_bytes") + row.number("received_bytes");
            switch (row.text("kind")) {
                case "connected" -> add(connecting, names.local(row), names.remote(row), new Sum(1, 0, bytes));
                case "failed" -> add(connecting, names.local(row), names.remote(row), new Sum(0, 1, bytes));
                case "accepted" -> add(accepting, names.remote(row), names.local(row), new Sum(1, 0, bytes));
                default -> {
                    // Of a segment, or of a connection from before the agent began: nobody knows who made it.
                }
            }
        }

        private static void add(Map<Pair, Sum> sums, Optional<ObjectKey> one, Optional<ObjectKey> other, Sum sum) {
            if (one.isPresent() && other.isPresent()) {
                sums.merge(new Pair(one.get(), other.get()), sum, Sum::and);
            }
        }
    }

    void visit(Visitor visitor) throws IOException {
        Sums sums = tables.visit(
                LandingTable.FLOWS, new NodeTables.Selection("time", time - BEFORE, time + 1, ""), Sums::new);
        sums.connecting.forEach((pair, sum) -> visitor.flow(pair.from(), pair.to(), sum));
        // What both ends have told of is one; but of a connection to a service its pod only knows who made it.
        sums.accepting.forEach((pair, sum) -> {
            if (!sums.connecting.containsKey(pair)) {
                visitor.flow(pair.from(), pair.to(), sum);
            }
        });
    }
}
