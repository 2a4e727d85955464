/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A port of the nodes at which a Service answered. */
final class NodePort extends PlainRule {

    NodePort() {
        super(
                "node-port",
                "A failing container says that nobody answers at a node's address and a port, which was that of a Service until this was"
                        + " changed. Proved if the address is a node's.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String namespace = trouble.about().key().namespace();
        for (ObjectKey service : world.keys(Types.SERVICES, namespace)) {
            for (Change change : world.changes(service)) {
                boolean isInput = change.before() != null && Rule.precedes(change.at(), trouble) && decides(change);
                Set<Integer> gone = isInput ? ports(change.before()) : new HashSet<>();
                if (!gone.isEmpty()) {
                    gone.removeAll(ports(change.after()));
                }
                for (int port : gone) {
                    asked(world, trouble, change, port).ifPresent(links::add);
                }
            }
        }
        return links;
    }

    /** A Service of another type has no such ports, whatever they were. */
    private static boolean decides(Change change) {
        boolean isOther =
                !change.before().get("spec", "type").equals(change.after().get("spec", "type"));
        return isOther ? change.path().equals("spec.type") : change.path().endsWith("nodePort");
    }

    private static Optional<Link> asked(World world, Trouble trouble, Change change, int port) {
        if (!Rule.names(trouble.text(), String.valueOf(port))) {
            return Optional.empty();
        }
        boolean isNode = false;
        for (Version node : world.list(Types.NODES, "", trouble.from())) {
            for (JsonNode address : node.get("status", "addresses")) {
                isNode |= trouble.text().contains(address.path("address").asText() + ":" + port);
            }
        }
        return Optional.of(
                Link.to(change, isNode ? Tier.A : Tier.B, 1, "the Service answered at port " + port + " of the nodes"));
    }

    private static Set<Integer> ports(Version service) {
        Set<Integer> found = new HashSet<>();
        for (JsonNode port : service.get("spec", "ports")) {
            found.add(port.path("nodePort").asInt());
        }
        found.remove(0);
        return found;
    }
}
