/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.metrics;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.rewind.cluster.View;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The last samples before a moment. */
final class RecordedUsage implements Consumer<NodeRow> {

    /** Samples come every five seconds; what is older says nothing of the moment. */
    private static final long RECENT = 15_000_000_000L;

    /** At the end of a recording that is still made: samples come there once a minute. */
    private static final long LANDED = 120_000_000_000L;

    private final Map<String, NodeRow> containers = new HashMap<>();
    private final Map<String, NodeRow> nodes = new HashMap<>();

    private RecordedUsage() {}

    /** @param podUid only of this pod; of all pods and nodes if {@code ""} */
    static RecordedUsage at(View view, String podUid) throws IOException {
        long since = view.time() - RECENT - (view.moving() ? LANDED : 0);
        return view.history()
                .nodes()
                .visit(
                        LandingTable.USAGE,
                        new NodeTables.Selection("time", since, view.time() + 1, podUid),
                        RecordedUsage::new);
    }

    @Override
    public void accept(NodeRow row) {
        if (row.number("cpu_nanocores") < 0 || row.number("working_set_bytes") < 0) {
            return;
        }
        switch (row.text("kind")) {
            case "container" -> containers.merge(row.text("container_id"), row, RecordedUsage::later);
            case "node" -> nodes.merge(row.node(), row, RecordedUsage::later);
            default -> {
                // Of a pod as a whole: the sum of its containers is what is asked for.
            }
        }
    }

    private static NodeRow later(NodeRow one, NodeRow other) {
        return one.time() >= other.time() ? one : other;
    }

    /** @param id 64 hexadecimal digits */
    Optional<NodeRow> container(String id) {
        return Optional.ofNullable(containers.get(id));
    }

    Optional<NodeRow> node(String name) {
        return Optional.ofNullable(nodes.get(name));
    }
}
