/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Optional;

/** A container that was taken out of a pod, and that another one in it needs. */
final class RemovedContainer extends TemplateRule {

    RemovedContainer() {
        super(
                "removed-container",
                "A container was taken out of a template, and another one fails since; stronger if that one names a port of its own pod"
                        + " that the other one had, and none has since. Proved if the message, or the agent on the node, says, too, that"
                        + " nobody answers there.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        Change change = field.change();
        boolean isGone = !field.container().isEmpty()
                && field.tail().isEmpty()
                && change.operation() == Change.Operation.CHANGED
                && change.now() == null
                && !field.isOf(trouble);
        JsonNode spec = trouble.about().get("spec");
        // One that runs first may stay beside the others, too.
        boolean isMoved = !Pods.container(spec, field.container()).isMissingNode();
        if (!isGone || isMoved) {
            return Optional.empty();
        }
        return LocalPorts.lost(world, trouble, field, true, port -> LocalPorts.serves(change.old(), port))
                .or(() -> Optional.of(Link.to(
                        change,
                        Tier.B,
                        0.55,
                        "the container " + field.container() + " is not beside it in the pod any more")));
    }
}
