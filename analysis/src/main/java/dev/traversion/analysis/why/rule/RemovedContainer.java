/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container that was taken out of a pod, and that another one in it needs. */
final class RemovedContainer extends TemplateRule {

    private static final long AROUND = 60_000_000_000L;

    /** A place in the same pod. */
    private static final Pattern LOCAL =
            Pattern.compile("(?<![A-Za-z0-9.])(?:localhost|127\\.0\\.0\\.1|\\[::1\\]):(\\d{1,5})(?!\\d)");

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
        Matcher named = LOCAL.matcher(Pods.container(spec, trouble.container()).toString());
        while (named.find()) {
            int port = Integer.parseInt(named.group(1));
            if (has(change.old(), port) && Pods.containers(spec).stream().noneMatch(each -> has(each, port))) {
                boolean isRefused = isRefused(world, trouble, port)
                        && Fields.stands(world, change, trouble.about().created());
                return Optional.of(Link.to(
                        change,
                        isRefused ? Tier.A : Tier.B,
                        isRefused ? 1 : 0.9,
                        "the container " + field.container() + " answered at port " + port
                                + ", which the failing one names"));
            }
        }
        return Optional.of(Link.to(
                change, Tier.B, 0.55, "the container " + field.container() + " is not beside it in the pod any more"));
    }

    /** Whether a container declares a port, or is started with its number. */
    private static boolean has(JsonNode container, int port) {
        for (JsonNode each : container.path("ports")) {
            if (each.path("containerPort").asInt() == port) {
                return true;
            }
        }
        // What a container calls is no port of its own.
        String started = container.path("command").toString()
                + container.path("args")
                + container.path("env").toString();
        return Pattern.compile("(?<![0-9.])" + port + "(?![0-9.])")
                .matcher(LOCAL.matcher(started).replaceAll(""))
                .find();
    }

    private static boolean isRefused(World world, Trouble trouble, int port) {
        boolean isSaid = trouble.text().contains("refused")
                && LOCAL.matcher(trouble.text()).results().anyMatch(each -> each.group(1)
                        .equals(String.valueOf(port)));
        return isSaid
                || world.happenings(trouble.about(), trouble.from() - AROUND, trouble.from() + SLACK).stream()
                        .flatMap(each -> each.stream())
                        .anyMatch(each -> each.text().contains("127.0.0.1:" + port + " failed: refused"));
    }
}
