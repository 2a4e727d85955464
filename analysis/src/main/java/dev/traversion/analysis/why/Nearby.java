/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Words;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
            Types.INGRESSES,
            Types.JOBS,
            Types.CLAIMS);

    private static final List<ResourceType> OF_CLUSTER = List.of(
            Types.MUTATING,
            Types.VALIDATING,
            Types.ADMISSION_POLICIES,
            Types.ADMISSION_BINDINGS,
            Types.DEFINITIONS,
            Types.CLASSES,
            Types.VOLUMES,
            Types.CLUSTER_ROLES,
            Types.CLUSTER_BINDINGS);

    private Nearby() {}

    /** Those of what is in trouble first, then those of what it names, then others; of each the newest first. */
    static List<Change> changes(World world, ObjectKey target, List<Trouble> symptoms) {
        List<Change> found = new ArrayList<>();
        if (!target.namespace().isEmpty()) {
            OF_NAMESPACE.forEach(type -> found.addAll(world.changes(type, target.namespace())));
            found.addAll(world.changes(new ObjectKey(Types.NAMESPACES, "", target.namespace())));
            pods(target, symptoms).forEach(key -> found.addAll(world.changes(key)));
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
        Map<ObjectKey, Integer> distances = new HashMap<>();
        found.forEach(change ->
                distances.computeIfAbsent(change.key(), key -> distance(world, key, change, target, symptoms)));
        found.sort(Comparator.comparingInt((Change change) -> distances.get(change.key()))
                .thenComparingLong(change -> -change.at()));
        return found;
    }

    /** Those of a namespace are too many to look at all that was done to each. */
    private static Set<ObjectKey> pods(ObjectKey target, List<Trouble> symptoms) {
        return Stream.concat(Stream.of(target), symptoms.stream().map(trouble -> trouble.about()
                        .key()))
                .filter(key -> key.type().equals(Types.PODS))
                .collect(Collectors.toSet());
    }

    /** 0 of what is in trouble, 1 of what its text names, 2 of others and of what was created together with it. */
    private static int distance(World world, ObjectKey key, Change change, ObjectKey target, List<Trouble> symptoms) {
        boolean isOwn = key.equals(target)
                || symptoms.stream()
                        .anyMatch(trouble -> world.root(trouble.about()).key().equals(key));
        boolean isNamed = symptoms.stream().anyMatch(trouble -> trouble.about().mentions(Words.of(key.name())));
        boolean isMade = change.operation() == Change.Operation.CREATED;
        return isMade ? 2 : isOwn ? 0 : isNamed ? 1 : 2;
    }
}
