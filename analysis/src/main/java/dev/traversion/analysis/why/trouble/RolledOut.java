/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ResourceType;
import java.util.Set;

/** Rollouts that came to their end: what went wrong on the way for a short time, and left nothing, is told of no more. */
final class RolledOut {

    /** What a pod waits with before any of its containers runs. */
    private static final Set<What> BEFORE_START = Set.of(
            What.CREATE_REFUSED,
            What.UNSCHEDULABLE,
            What.CONFIG_MISSING,
            What.MOUNT_FAILED,
            What.IMAGE_UNAVAILABLE,
            What.INIT_UNFINISHED);

    /** Those whose status tells how many pods are of the newest template. */
    private static final Set<ResourceType> COUNTED = Set.of(Types.DEPLOYMENTS, Types.STATEFUL_SETS);

    private RolledOut() {}

    /**
     * Whether a trouble was short and is over, all pods of the workload are there and ready, and it was that a pod could not start
     * yet, or was one of a pod of an earlier template that is gone.
     */
    static boolean isPast(World world, Trouble trouble) {
        if (trouble.lasts() || trouble.to() - trouble.from() >= Troubles.WARM_UP) {
            return false;
        }
        return isComplete(world.root(trouble.about()))
                && (BEFORE_START.contains(trouble.what()) || isOfEarlier(world, trouble.about()));
    }

    /** Whether a workload has all pods of its newest template, and none else. */
    private static boolean isComplete(Version maker) {
        JsonNode status = maker.get("status");
        int wanted = maker.get("spec", "replicas").asInt(1);
        return !maker.deleted()
                && COUNTED.contains(maker.key().type())
                && wanted > 0
                && status.path("observedGeneration").asLong()
                        >= maker.get("metadata", "generation").asLong()
                && status.path("replicas").asInt() == wanted
                && status.path("updatedReplicas").asInt() == wanted
                && status.path("readyReplicas").asInt() == wanted;
    }

    /** Whether a pod is gone, and with it all that were made of its template. */
    private static boolean isOfEarlier(World world, Version pod) {
        boolean isGone = pod.key().type().equals(Types.PODS)
                && world.last(pod.key()).filter(Version::deleted).isPresent();
        return isGone
                && world.controller(pod)
                        .filter(set -> set.key().type().equals(Types.REPLICA_SETS))
                        .flatMap(set -> world.last(set.key()))
                        .filter(set ->
                                set.deleted() || set.get("spec", "replicas").asInt(1) == 0)
                        .isPresent();
    }
}
