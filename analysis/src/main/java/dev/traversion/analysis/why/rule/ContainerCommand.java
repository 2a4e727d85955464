/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.LastLines;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Optional;

/** A command that cannot be started, or that ends. */
final class ContainerCommand extends TemplateRule {

    ContainerCommand() {
        super(
                "container-command",
                "A command, its arguments or its working directory were changed, and the container cannot be started,"
                        + " or fails from its first start on; stronger if the message names what was changed, or a port"
                        + " that was named before and is not since.",
                STARTING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (!field.isOf(trouble) || !field.starts("command", "args", "workingDir", "lifecycle")) {
            return Optional.empty();
        }
        boolean isStart = trouble.what() == What.START_FAILED;
        boolean named = field.change().now() != null
                && (names(trouble.text(), field.change().now()) || isComplainedOf(trouble.text(), field.change()));
        boolean isLeft = Ports.leaves(trouble.text(), field.change());
        boolean isQuoted = field.starts("command", "args")
                && Fitting.isQuoted(trouble.text(), field.change().now());
        double otherwise =
                isQuoted ? 0.75 : isTimeOf(trouble, field) ? 0.7 : Fitting.of(trouble, field.change()) ? 0.65 : 0.6;
        double strength = named ? 1 : isLeft ? 0.95 : isStart ? (field.starts("command") ? 0.85 : 0.6) : otherwise;
        return Optional.of(
                Link.to(field.change(), Tier.B, strength, "the container is started in another way since, and fails"));
    }

    /** Whether a line that complains has a word that a change brought. */
    private static boolean isComplainedOf(String text, Change change) {
        return text.lines().filter(LastLines::complains).anyMatch(line -> Fitting.brings(line, change));
    }

    /** Whether another time was given, where somebody asks for something that fails or takes too long. */
    private static boolean isTimeOf(Trouble trouble, Templates.Field field) {
        return Calls.ANSWER.matcher(trouble.text()).find()
                && Fields.longest(field.change().now())
                        != Fields.longest(field.change().old());
    }

    private static boolean names(String text, JsonNode value) {
        if (value.isTextual()) {
            return Rule.names(text, value.asText());
        }
        for (JsonNode each : value) {
            if (each.isTextual() && names(text, each)) {
                return true;
            }
        }
        return false;
    }
}
