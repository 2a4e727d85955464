/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Addresses.Address;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Another container of the pod, which a container asks by an address that only they share. */
final class ContainerBeside extends TemplateRule {

    ContainerBeside() {
        super(
                "container-beside",
                "The command, arguments or environment of a failing container name a port of localhost, and the container of its pod that"
                        + " declared it was taken away. Proved: it was named before, too, and no other one declares it.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isGone = !field.container().isEmpty()
                && field.tail().isEmpty()
                && field.change().before() != null
                && field.change().now() == null
                && !field.isOf(trouble);
        if (!isGone) {
            return Optional.empty();
        }
        JsonNode before = Pods.template(field.change().before().body()).path("spec");
        Version pod = trouble.about();
        Set<Integer> asked = asked(Pods.container(pod.get("spec"), trouble.container()));
        asked.retainAll(asked(Pods.container(before, trouble.container())));
        JsonNode gone = field.change().old();
        return asked.stream()
                .filter(port -> declares(gone, port))
                .filter(port -> Pods.containers(pod.get("spec")).stream().noneMatch(each -> declares(each, port)))
                .findFirst()
                .map(port -> Link.to(
                        field.change(),
                        Tier.A,
                        0.95,
                        "the container names port " + port + " of its own pod, and nobody else there declares it"));
    }

    /** The ports of its own pod that a container names. */
    private static Set<Integer> asked(JsonNode container) {
        Set<Integer> found = new LinkedHashSet<>();
        for (String text : Pods.texts(container)) {
            for (Address address : Addresses.in(text)) {
                boolean isOwn = address.host().equals("localhost") || address.host().startsWith("127.");
                if (isOwn && address.port() > 0) {
                    found.add(address.port());
                }
            }
        }
        return found;
    }

    private static boolean declares(JsonNode container, int port) {
        for (JsonNode each : container.path("ports")) {
            if (each.path("containerPort").asInt() == port) {
                return true;
            }
        }
        return false;
    }
}
