/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Change.Operation;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import java.util.List;
import java.util.Optional;

/** Pods that were there, were taken over by a controller that selects them, and were too many for it. */
final class Adopted {

    /** So long a controller may take, ns. */
    private static final long PATIENCE = 60_000_000_000L;

    private Adopted() {}

    /** The creation, or the latest change, of what took a pod over just before it was deleted; empty if nothing did. */
    static Optional<Behind> behind(World world, Change change) {
        if (!change.key().type().equals(Types.PODS)) {
            return Optional.empty();
        }
        List<Version> pod = world.versions(change.key()).stream()
                .filter(version -> version.uid().equals(change.after().uid()))
                .toList();
        boolean wasFree = !pod.isEmpty()
                && pod.getFirst().get("metadata", "ownerReferences").isEmpty();
        Optional<Version> owner = wasFree ? world.controller(change.after()) : Optional.empty();
        return owner.flatMap(each -> world.changes(each.key()).reversed().stream()
                .filter(of -> of.operation() != Operation.DELETED && !of.path().startsWith("metadata"))
                .filter(of -> of.at() <= change.at() && change.at() - of.at() < PATIENCE)
                .findFirst()
                .map(of -> new Behind(
                        "adopted",
                        Tier.A,
                        of,
                        "it selects the pod, took it over, and has as many as it wants",
                        List.of())));
    }
}
