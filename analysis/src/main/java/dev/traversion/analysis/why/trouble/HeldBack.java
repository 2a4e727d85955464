/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.Optional;

/** Pods for which somebody has to do something first, and of whom nobody says that it is wrong. */
final class HeldBack {

    /** So long a scheduler, a kubelet or whoever sets a condition may take, ns. */
    private static final long PATIENCE = 8_000_000_000L;

    /** So long images and volumes may take, ns. */
    private static final long CREATION = 30_000_000_000L;

    private HeldBack() {}

    /**
     * What a pod waits for; empty if for nothing, or not for long yet.
     *
     * @param until as long as the pod was so, ns
     */
    static Optional<String> waits(World world, Version pod, long until) {
        if (pod.get("metadata").has("deletionTimestamp")) {
            return Optional.empty();
        }
        boolean isNew = until - pod.created() < PATIENCE;
        JsonNode scheduled = Pods.condition(pod, "PodScheduled");
        if (scheduled.path("reason").asText().equals("SchedulingGated")) {
            return Optional.of("nobody opens its scheduling gates " + pod.get("spec", "schedulingGates"));
        }
        String node = pod.get("spec", "nodeName").asText("");
        boolean isUntouched = pod.get("status", "phase").asText("Pending").equals("Pending")
                && pod.get("status", "containerStatuses").isEmpty()
                && pod.get("status", "initContainerStatuses").isEmpty();
        if (node.isEmpty() && scheduled.isMissingNode() && isUntouched && !isNew) {
            return Optional.of("no scheduler has looked at it; it asks for "
                    + pod.get("spec", "schedulerName").asText("the usual one"));
        }
        if (!node.isEmpty() && isUntouched && !isNew && !isThere(world, node, until) && world.knows(Types.NODES, "")) {
            return Optional.of("it is bound to the node " + node + ", which there is not");
        }
        boolean isLate = until == world.to() && until - pod.created() > CREATION;
        if (!node.isEmpty() && isLate && isCreating(pod) && isThere(world, node, until)) {
            return Optional.of("its containers are not made yet, and nobody says why");
        }
        JsonNode ready = Pods.condition(pod, "Ready");
        long since = Version.time(
                Pods.condition(pod, "ContainersReady")
                        .path("lastTransitionTime")
                        .asText(""),
                pod.at());
        if (ready.path("reason").asText().equals("ReadinessGatesNotReady") && until - since >= PATIENCE) {
            return Optional.of("its containers are ready, and it is not: "
                    + ready.path("message").asText());
        }
        return Optional.empty();
    }

    private static boolean isThere(World world, String node, long time) {
        return world.at(new ObjectKey(Types.NODES, "", node), time).isPresent();
    }

    private static boolean isCreating(Version pod) {
        for (JsonNode status : pod.get("status", "containerStatuses")) {
            String reason = status.path("state").path("waiting").path("reason").asText("");
            if (!reason.equals("ContainerCreating")) {
                return false;
            }
        }
        return pod.get("status", "phase").asText().equals("Pending")
                && pod.get("status", "initContainerStatuses").isEmpty()
                && !pod.get("status", "containerStatuses").isEmpty();
    }
}
