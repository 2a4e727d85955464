/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What else changed near a symptom, by whoever stands outside of the cluster's controllers. */
final class Nearby {

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
            Types.CLAIMS);

    private static final List<ResourceType> OF_CLUSTER =
            List.of(Types.MUTATING, Types.VALIDATING, Types.CLASSES, Types.CLUSTER_BINDINGS);

    private Nearby() {}

    /** Newest first. */
    static List<Change> changes(World world, ObjectKey target) {
        List<Change> found = new ArrayList<>();
        if (!target.namespace().isEmpty()) {
            OF_NAMESPACE.forEach(type -> found.addAll(world.changes(type, target.namespace())));
            found.addAll(world.changes(new ObjectKey(Types.NAMESPACES, "", target.namespace())));
        } else {
            found.addAll(world.changes(target));
        }
        OF_CLUSTER.forEach(type -> found.addAll(world.changes(type, "")));
        found.removeIf(change -> {
            boolean isInside = change.actor() != null && !change.actor().isOutside();
            return isInside
                    || change.key().name().equals("kube-root-ca.crt")
                    || change.path().startsWith("metadata.annotations");
        });
        found.sort(Comparator.comparingLong((Change change) -> -change.at()));
        return found;
    }
}
