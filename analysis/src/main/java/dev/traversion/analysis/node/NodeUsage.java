/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.landing.LandingColumn;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a container, a pod or a node used, as of its last sample before a moment.
 *
 * @param namespace {@code ""} of a node, and of a pod that has no name
 * @param name of the node; of the pod, or {@code POD/CONTAINER}
 * @param at when the sample was taken, ns UTC
 * @param values of the columns of {@code usage} that the kernel tells, by name, in their units
 */
public record NodeUsage(String namespace, String name, String node, long at, Map<String, Long> values) {

    /** How long a sample says something of what comes after it, ns: one is taken every five seconds. */
    public static final long RECENT = 15_000_000_000L;

    /** At the end of a recording that is still made: samples come there once a minute. */
    public static final long LANDED = 120_000_000_000L;

    private static final Set<String> IDS = Set.of("time", "kind", "cgroup", "pod_uid", "container_id");

    public NodeUsage {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Whose. */
    public enum Kind {
        POD,
        CONTAINER,
        NODE
    }

    /**
     * By namespace and name.
     *
     * @param namespace only of pods in it; of all if {@code ""}
     * @param since samples from then on count, ns
     * @param moment ns
     */
    public static List<NodeUsage> at(
            NodeNames names, NodeTables tables, NodeSight sight, Kind kind, String namespace, long since, long moment)
            throws IOException {
        Latest latest = tables.visit(
                LandingTable.USAGE,
                new NodeTables.Selection("time", since, moment + 1, ""),
                () -> new Latest(kind.name().toLowerCase(Locale.ROOT)));
        return latest.rows.values().stream()
                .filter(row -> sight.sees(row, names))
                .map(row -> of(row, names))
                .filter(each -> namespace.isEmpty() || each.namespace().equals(namespace))
                .sorted(Comparator.comparing(NodeUsage::namespace)
                        .thenComparing(NodeUsage::name)
                        .thenComparing(NodeUsage::node))
                .toList();
    }

    /** The last row of each control group of each node. */
    private static final class Latest implements Consumer<NodeRow> {
        private final String kind;
        private final Map<String, NodeRow> rows = new HashMap<>();

        Latest(String kind) {
            this.kind = kind;
        }

        @Override
        public void accept(NodeRow row) {
            if (row.text("kind").equals(kind)) {
                rows.merge(
                        row.node() + "/" + row.number("cgroup") + "/" + row.text("container_id") + row.text("pod_uid"),
                        row,
                        (one, other) -> one.time() > other.time() ? one : other);
            }
        }
    }

    private static NodeUsage of(NodeRow row, NodeNames names) {
        Map<String, Long> values = new LinkedHashMap<>();
        for (LandingColumn column : LandingTable.USAGE.columns()) {
            if (!IDS.contains(column.name()) && row.number(column.name()) >= 0) {
                values.put(column.name(), row.number(column.name()));
            }
        }
        if (row.text("kind").equals("node")) {
            return new NodeUsage("", row.node(), row.node(), row.time(), values);
        }
        ObjectKey pod = names.pod(row.text("pod_uid")).orElse(null);
        String of = pod == null ? "uid " + row.text("pod_uid") : pod.name();
        String container = row.text("container_id");
        return new NodeUsage(
                pod == null ? "" : pod.namespace(),
                container.isEmpty() ? of : of + "/" + names.container(container),
                row.node(),
                row.time(),
                values);
    }

    /** A value; -1 if it is not known. */
    public long value(String column) {
        return values.getOrDefault(column, -1L);
    }
}
