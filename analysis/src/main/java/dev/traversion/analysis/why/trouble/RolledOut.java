/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;

/** Rollouts that came to their end: what went wrong on the way for a short time, and left nothing, is told of no more. */
final class RolledOut {

    private RolledOut() {}

    /**
     * Whether a trouble was short and is over, all pods of the workload are there and ready, and it was that pods were refused, or was
     * one of a pod of an earlier template that is gone, while the workload was never without enough pods.
     */
    static boolean isPast(World world, Trouble trouble) {
        if (trouble.lasts() || trouble.to() - trouble.from() >= Troubles.WARM_UP) {
            return false;
        }
        Version maker = world.root(trouble.about());
        if (!isComplete(maker)) {
            return false;
        }
        return trouble.what() == What.CREATE_REFUSED || isOfEarlier(world, trouble.about());
    }

    /** Whether a Deployment has all pods of its newest template, and none else. */
    private static boolean isComplete(Version maker) {
        JsonNode status = maker.get("status");
        int wanted = maker.get("spec", "replicas").asInt(1);
        return !maker.deleted()
                && maker.key().type().equals(Types.DEPLOYMENTS)
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
                        .flatMap(set -> world.last(set.key()))
                        .filter(set ->
                                !set.deleted() && set.get("spec", "replicas").asInt(1) > 0)
                        .isEmpty();
    }
}
