/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.Optional;
import java.util.Set;

/** Pods that wait for somebody who does not come. */
final class HeldBackPod extends TemplateRule {

    HeldBackPod() {
        super(
                "held-back",
                "A pod waits for a scheduler, a node, or whoever opens its gates, and nobody comes. Proved if the pod asks for it since"
                        + " the change: a node that is not there, a gate that is closed; stronger than near if it is another scheduler.",
                Set.of(What.HELD_BACK));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (!trouble.about().key().type().equals(Types.PODS)
                || !field.container().isEmpty()
                || !field.starts("schedulerName", "nodeName", "schedulingGates", "readinessGates")) {
            return Optional.empty();
        }
        JsonNode spec = trouble.about().get("spec");
        boolean isNode = field.starts("nodeName") && isNowhere(world, trouble);
        JsonNode scheduled = Pods.condition(trouble.about(), "PodScheduled");
        boolean isGate = field.starts("schedulingGates")
                && scheduled.path("reason").asText().equals("SchedulingGated");
        boolean isCondition = field.starts("readinessGates") && isClosed(trouble, spec);
        boolean isScheduler = field.starts("schedulerName")
                && scheduled.isMissingNode()
                && spec.path("nodeName").asText("").isEmpty();
        if (!isNode && !isGate && !isCondition && !isScheduler) {
            return Optional.empty();
        }
        return Optional.of(Link.to(
                field.change(),
                isScheduler ? Tier.B : Tier.A,
                0.97,
                isScheduler ? "pods ask for another scheduler since" : "pods wait for it since"));
    }

    /** Whether a pod is bound to a node that there is not. */
    private static boolean isNowhere(World world, Trouble trouble) {
        String node = trouble.about().get("spec", "nodeName").asText("");
        long time = Math.min(trouble.to(), world.to());
        return !node.isEmpty()
                && world.knows(Types.NODES, "")
                && world.at(new ObjectKey(Types.NODES, "", node), time).isEmpty();
    }

    /** Whether a condition that a pod waits for is not there, or not true. */
    private static boolean isClosed(Trouble trouble, JsonNode spec) {
        for (JsonNode gate : spec.path("readinessGates")) {
            JsonNode condition =
                    Pods.condition(trouble.about(), gate.path("conditionType").asText());
            if (!condition.path("status").asText().equals("True")) {
                return true;
            }
        }
        return false;
    }
}
