/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was wrong in a window, the worst first.
 *
 * @param incidents at most as many as were asked for
 * @param omitted how many more there are
 * @param hidden what may not be read
 */
public record Incidents(long from, long to, List<Trouble> incidents, int omitted, Set<String> hidden) {

    private static final List<ResourceType> TYPES = List.of(
            Types.NODES,
            Types.SERVICES,
            Types.DEPLOYMENTS,
            Types.STATEFUL_SETS,
            Types.DAEMON_SETS,
            Types.REPLICA_SETS,
            Types.JOBS,
            Types.CLAIMS,
            Types.SCALERS,
            Types.BUDGETS,
            Types.PODS);

    private static final Set<ResourceType> MAKERS =
            Set.of(Types.DEPLOYMENTS, Types.STATEFUL_SETS, Types.DAEMON_SETS, Types.REPLICA_SETS, Types.JOBS);

    /**
     * Looks through the objects of a namespace, or of all.
     *
     * @param types only of these; of all that matter if there are none
     * @param namespace {@code ""} for all
     * @param from ns
     * @param to ns
     */
    public static Incidents of(Gate gate, Set<ResourceType> types, String namespace, long from, long to, int most)
            throws IOException {
        World world = new World(gate, from, to);
        Map<String, Trouble> found = new LinkedHashMap<>();
        Set<ObjectKey> looked = new HashSet<>();
        try {
            for (ResourceType type : types.isEmpty() ? TYPES : types) {
                if (type.equals(Types.NODES) && !namespace.isEmpty()) {
                    continue;
                }
                for (ObjectKey key : List.copyOf(world.keys(type, namespace))) {
                    if (!isLeaving(world, key.namespace())) {
                        look(world, key, looked, found);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        List<Trouble> all = new ArrayList<>(found.values());
        all.sort(Comparator.comparing(Trouble::lasts)
                .reversed()
                .thenComparing(Trouble::what)
                .thenComparingLong(Trouble::from));
        int shown = Math.min(most, all.size());
        return new Incidents(from, to, List.copyOf(all.subList(0, shown)), all.size() - shown, world.hidden());
    }

    /** Whether a namespace is gone, or to go: what ends with it was meant to. */
    private static boolean isLeaving(World world, String namespace) {
        ObjectKey key = new ObjectKey(Types.NAMESPACES, "", namespace);
        return world.last(key)
                .filter(last -> last.deleted() || last.get("metadata").has("deletionTimestamp"))
                .isPresent();
    }

    private static void look(World world, ObjectKey key, Set<ObjectKey> looked, Map<String, Trouble> found) {
        if (looked.contains(key)) {
            return;
        }
        boolean isService = key.type().equals(Types.SERVICES);
        for (Trouble trouble : isService ? ServiceTroubles.of(world, key) : Troubles.of(world, key)) {
            // Nobody knows whether what was deleted is missed; who misses it has troubles.
            if (trouble.what() != Trouble.What.GONE) {
                found.putIfAbsent(world.root(trouble.about()).key() + "/" + trouble.sameness(), trouble);
            }
        }
        if (MAKERS.contains(key.type())) {
            looked.addAll(WorkloadTroubles.family(world, world.last(key).orElseThrow()));
        }
    }
}
