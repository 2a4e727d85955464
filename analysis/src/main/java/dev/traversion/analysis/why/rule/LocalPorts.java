/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports at which containers of a pod ask each other. */
final class LocalPorts {

    private static final long AROUND = 60_000_000_000L;

    /** A place in the same pod. */
    private static final Pattern LOCAL =
            Pattern.compile("(?<![A-Za-z0-9.])(?:localhost|127\\.0\\.0\\.1|\\[::1\\]):(\\d{1,5})(?!\\d)");

    private LocalPorts() {}

    /**
     * A change since which nobody in the pod has a port that the failing container names in it.
     *
     * @param mayProve whether the change is of where the other container listens, not only of what it declares
     * @param had whether the other container had a port until then
     */
    static Optional<Link> lost(
            World world, Trouble trouble, Templates.Field field, boolean mayProve, IntPredicate had) {
        JsonNode spec = trouble.about().get("spec");
        JsonNode failing = Pods.container(spec, trouble.container());
        for (int port : of(failing)) {
            if (had.test(port) && isUnserved(spec, port)) {
                boolean isProved = mayProve
                        && isCalled(failing, port)
                        && isRefused(world, trouble, port)
                        && Fields.stands(world, field.change(), trouble.about().created());
                return Optional.of(Link.to(
                        field.change(),
                        isProved ? Tier.A : Tier.B,
                        isProved ? 1 : 0.9,
                        "the container " + field.container() + " answered at port " + port
                                + ", which the failing one names"));
            }
        }
        return Optional.empty();
    }

    /** Those of its own pod that a container names. */
    private static Set<Integer> of(JsonNode container) {
        Set<Integer> found = new LinkedHashSet<>();
        Matcher named = LOCAL.matcher(container.toString());
        while (named.find()) {
            found.add(Integer.parseInt(named.group(1)));
        }
        return found;
    }

    /** Whether a container is started with a port of its own pod: where only its probes have it, it may be its own. */
    private static boolean isCalled(JsonNode container, int port) {
        return Pods.texts(container).stream()
                .flatMap(text -> LOCAL.matcher(text).results())
                .anyMatch(each -> Integer.parseInt(each.group(1)) == port);
    }

    /** Whether a container declares a port, or is started with its number. */
    static boolean serves(JsonNode container, int port) {
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

    /** Whether no container of a pod has a port. */
    private static boolean isUnserved(JsonNode spec, int port) {
        return Pods.containers(spec).stream().noneMatch(each -> serves(each, port));
    }

    /** Whether the message, or the agent on the node, says that nobody answers at a port of the pod. */
    private static boolean isRefused(World world, Trouble trouble, int port) {
        boolean isSaid = trouble.text().contains("refused")
                && LOCAL.matcher(trouble.text()).results().anyMatch(each -> each.group(1)
                        .equals(String.valueOf(port)));
        return isSaid
                || world.happenings(trouble.about(), trouble.from() - AROUND, trouble.from() + Rule.SLACK).stream()
                        .flatMap(each -> each.stream())
                        .anyMatch(each -> each.text().contains("127.0.0.1:" + port + " failed: refused"));
    }
}
