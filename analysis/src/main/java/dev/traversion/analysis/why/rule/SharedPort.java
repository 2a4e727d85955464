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

/** Two that want to listen at one port: containers of a pod have one network. */
final class SharedPort extends TemplateRule {

    /** As programs say it, with the address before or behind it. */
    private static final Pattern IN_USE =
            Pattern.compile("address already in use|EADDRINUSE|port is already in use", Pattern.CASE_INSENSITIVE);

    private static final Pattern PORT = Pattern.compile(":(\\d{2,5})\\b");

    SharedPort() {
        super(
                "shared-port",
                "A container says that an address is already in use, and another one was added to its pod, or was changed, or the pod took"
                        + " the network of its node. Stronger if the port of the message is one that this brought.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        Change change = field.change();
        boolean isMeant = change.operation() == Change.Operation.CHANGED
                && change.now() != null
                && IN_USE.matcher(trouble.text()).find();
        if (!isMeant) {
            return Optional.empty();
        }
        if (field.starts("hostNetwork") && change.now().asBoolean()) {
            return Optional.of(Link.to(change, Tier.B, 0.85, "the pod shares the network of its node since"));
        }
        boolean isWhole = field.tail().isEmpty() && !field.container().isEmpty();
        if (!isWhole && !field.starts("args", "command", "env", "ports")) {
            return Optional.empty();
        }
        // Who was added may be the one that fails: the other one was there first.
        boolean isOwn = field.isOf(trouble) && !isWhole;
        boolean isBrought = brings(trouble, field);
        String text = isBrought ? "it wants the port that is in use since" : "it is beside the others in the pod since";
        double strength = isBrought ? 0.97 : isWhole ? 0.9 : isOwn ? 0.62 : 0.6;
        return Optional.of(Link.to(change, Tier.B, strength, text));
    }

    /** Whether a container has a port that is in use since a change, and had it not before. */
    private static boolean brings(Trouble trouble, Templates.Field field) {
        JsonNode before =
                Pods.container(Pods.template(field.change().before().body()).path("spec"), field.container());
        JsonNode after =
                Pods.container(Pods.template(field.change().after().body()).path("spec"), field.container());
        Matcher ports = PORT.matcher(trouble.text());
        while (ports.find()) {
            int port = Integer.parseInt(ports.group(1));
            boolean isIts = field.tail().isEmpty() || Ports.names(field.change().now(), port);
            if (isIts && LocalPorts.serves(after, port) && !LocalPorts.serves(before, port)) {
                return true;
            }
        }
        return false;
    }
}
