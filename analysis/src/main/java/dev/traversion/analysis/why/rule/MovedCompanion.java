/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Optional;

/** Another container of the pod that listens elsewhere, though one still asks it where it was. */
final class MovedCompanion extends TemplateRule {

    MovedCompanion() {
        super(
                "moved-companion",
                "Another container of the pod was changed, and has a port no more that the failing one names in its own pod, and none else"
                        + " has it. Proved if the message, or the agent on the node, says, too, that nobody answers there.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        Change change = field.change();
        boolean isOther = !field.container().isEmpty()
                && !field.isOf(trouble)
                && field.starts("args", "command", "env", "ports")
                && change.operation() == Change.Operation.CHANGED
                && change.old() != null;
        if (!isOther) {
            return Optional.empty();
        }
        JsonNode before = Pods.container(Pods.template(change.before().body()).path("spec"), field.container());
        return LocalPorts.lost(
                world,
                trouble,
                field,
                !field.starts("ports"),
                port -> Ports.leaves(change, port) && LocalPorts.serves(before, port));
    }
}
