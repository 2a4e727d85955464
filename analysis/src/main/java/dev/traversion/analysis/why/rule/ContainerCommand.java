/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command that cannot be started, or that ends. */
final class ContainerCommand extends TemplateRule {

    private static final Pattern QUOTED = Pattern.compile("[\"'`]([A-Za-z][\\w.-]{2,60})[\"'`]");

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
                && (names(trouble.text(), field.change().now()) || brings(trouble.text(), field.change()));
        boolean isLeft = Ports.leaves(trouble.text(), field.change());
        double otherwise = isTimeOf(trouble, field) ? 0.7 : Fitting.of(trouble, field.change()) ? 0.65 : 0.6;
        double strength = named ? 1 : isLeft ? 0.95 : isStart ? (field.starts("command") ? 0.85 : 0.6) : otherwise;
        return Optional.of(
                Link.to(field.change(), Tier.B, strength, "the container is started in another way since, and fails"));
    }

    /** Whether a message quotes a word that a change brought. */
    private static boolean brings(String text, Change change) {
        Matcher quoted = QUOTED.matcher(text);
        while (quoted.find()) {
            boolean isNew = Rule.names(String.valueOf(change.now()), quoted.group(1))
                    && !Rule.names(String.valueOf(change.old()), quoted.group(1));
            if (isNew) {
                return true;
            }
        }
        return false;
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
