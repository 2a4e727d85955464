/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.near;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What else was changed near a trouble, by whoever stands outside of the cluster's controllers. */
public final class Nearby {

    private static final List<ResourceType> OF_NAMESPACE = List.of(
            Types.DEPLOYMENTS,
            Types.STATEFUL_SETS,
            Types.DAEMON_SETS,
            Types.CRON_JOBS,
            Types.SERVICES,
            Types.CONFIG_MAPS,
            Types.SECRETS,
            Types.QUOTAS,
            Types.LIMIT_RANGES,
            Types.ROLES,
            Types.BINDINGS,
            Types.ACCOUNTS,
            Types.POLICIES,
            Types.SCALERS,
            Types.BUDGETS,
            Types.INGRESSES,
            Types.JOBS,
            Types.CLAIMS,
            Types.SLICES);

    private static final List<ResourceType> OF_CLUSTER = List.of(
            Types.MUTATING,
            Types.VALIDATING,
            Types.MUTATING_POLICIES,
            Types.MUTATING_BINDINGS,
            Types.ADMISSION_POLICIES,
            Types.ADMISSION_BINDINGS,
            Types.API_SERVICES,
            Types.DEFINITIONS,
            Types.CLASSES,
            Types.VOLUMES,
            Types.PRIORITIES,
            Types.RUNTIMES,
            Types.NODES,
            Types.CLUSTER_ROLES,
            Types.CLUSTER_BINDINGS);

    private final List<Change> changes = new ArrayList<>();
    private final Suspicion suspicion;

    /**
     * Looks for them.
     *
     * @param troubles what is wrong with the target, and what that was led back to
     * @param isKnown whether there is a cause, so that what is farther away does not matter
     */
    public Nearby(World world, ObjectKey target, List<Trouble> troubles, boolean isKnown) {
        Ties ties = new Ties(world, target, troubles);
        if (!isKnown) {
            ties.widen();
            ties.pods().forEach(key -> changes.addAll(world.changes(key)));
        }
        for (String namespace : ties.namespaces()) {
            OF_NAMESPACE.forEach(type -> changes.addAll(world.changes(type, namespace)));
            changes.addAll(world.changes(new ObjectKey(Types.NAMESPACES, "", namespace)));
            ties.custom().forEach(type -> changes.addAll(world.changes(type, namespace)));
            if (!isKnown) {
                changes.addAll(world.changes(Types.ENDPOINTS, namespace));
            }
        }
        if (target.namespace().isEmpty()) {
            changes.addAll(world.changes(target));
        }
        OF_CLUSTER.forEach(type -> changes.addAll(world.changes(type, "")));
        pods(target, troubles).forEach(key -> changes.addAll(world.changes(key)));
        changes.removeIf(Nearby::isOfCluster);
        if (!isKnown) {
            ties.follow(changes.stream().map(Change::key).collect(Collectors.toSet()));
        }
        suspicion = new Suspicion(world, troubles, ties.steps());
    }

    /** In no order. */
    public List<Change> changes() {
        return changes;
    }

    /** How likely a change caused the troubles; the higher, the likelier. */
    public double suspicion(Change change) {
        return suspicion.of(change);
    }

    /** Whether the cluster's controllers did it, or it goes with the definition of a type. */
    private static boolean isOfCluster(Change change) {
        boolean isLocal = change.key().type().equals(Types.API_SERVICES)
                && change.after().get("spec", "service").isEmpty();
        return isLocal
                || (change.actor() != null && !change.actor().isOutside())
                || change.key().name().equals("kube-root-ca.crt");
    }

    /** Those of a namespace are too many to look at all that was done to each. */
    private static Set<ObjectKey> pods(ObjectKey target, List<Trouble> troubles) {
        return Stream.concat(Stream.of(target), troubles.stream().map(trouble -> trouble.about()
                        .key()))
                .filter(key -> key.type().equals(Types.PODS))
                .collect(Collectors.toSet());
    }
}
