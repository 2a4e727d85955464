/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Version;
import java.util.List;

/** Whether NetworkPolicies let one pod reach another. */
public final class Traffic {

    private Traffic() {}

    /**
     * One end of a connection.
     *
     * @param namespace labels of the pod's namespace
     */
    public record End(Version pod, JsonNode namespace) {}

    /** Whether all policies let it through. */
    public static boolean passes(List<Version> policies, End from, End to, int port, String protocol) {
        return side(policies, "Egress", from, to, port, protocol)
                && side(policies, "Ingress", to, from, port, protocol);
    }

    private static boolean side(
            List<Version> policies, String direction, End subject, End peer, int port, String protocol) {
        boolean isolated = false;
        for (Version policy : policies) {
            JsonNode spec = policy.get("spec");
            boolean selects =
                    policy.key().namespace().equals(subject.pod().key().namespace())
                            && Selectors.matches(spec.path("podSelector"), Pods.labels(subject.pod()));
            if (!selects || !hasType(spec, direction)) {
                continue;
            }
            isolated = true;
            boolean inbound = direction.equals("Ingress");
            for (JsonNode rule : spec.path(inbound ? "ingress" : "egress")) {
                if (hasPort(rule.path("ports"), inbound ? subject : peer, port, protocol)
                        && hasPeer(rule.path(inbound ? "from" : "to"), policy, peer)) {
                    return true;
                }
            }
        }
        return !isolated;
    }

    private static boolean hasType(JsonNode spec, String direction) {
        if (spec.path("policyTypes").isEmpty()) {
            return direction.equals("Ingress") || spec.has("egress");
        }
        for (JsonNode type : spec.path("policyTypes")) {
            if (type.asText().equals(direction)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasPort(JsonNode ports, End receiver, int port, String protocol) {
        if (ports.isEmpty()) {
            return true;
        }
        for (JsonNode each : ports) {
            boolean sameProtocol = each.path("protocol").asText("TCP").equals(protocol);
            JsonNode number = each.path("port");
            int end = each.path("endPort").asInt(number.asInt());
            boolean samePort = number.isMissingNode()
                    || (number.isTextual()
                            ? numberOf(receiver.pod(), number.asText()) == port
                            : number.asInt() <= port && port <= end);
            if (sameProtocol && samePort) {
                return true;
            }
        }
        return false;
    }

    private static int numberOf(Version pod, String name) {
        for (JsonNode container : pod.get("spec", "containers")) {
            for (JsonNode port : container.path("ports")) {
                if (port.path("name").asText().equals(name)) {
                    return port.path("containerPort").asInt();
                }
            }
        }
        return -1;
    }

    private static boolean hasPeer(JsonNode peers, Version policy, End peer) {
        if (peers.isEmpty()) {
            return true;
        }
        for (JsonNode each : peers) {
            JsonNode namespaces = each.path("namespaceSelector");
            JsonNode pods = each.path("podSelector");
            boolean inNamespace = namespaces.isMissingNode()
                    ? peer.pod().key().namespace().equals(policy.key().namespace())
                    : Selectors.matches(namespaces, peer.namespace());
            boolean isPod = pods.isMissingNode() || Selectors.matches(pods, Pods.labels(peer.pod()));
            boolean selects = !each.has("ipBlock") && inNamespace && isPod;
            if (selects
                    || contains(
                            each.path("ipBlock"),
                            peer.pod().get("status", "podIP").asText(""))) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(JsonNode block, String ip) {
        String range = block.path("cidr").asText("");
        if (range.contains(":") && ip.contains(":")) {
            // Of IPv6 nothing is worked out: what may be let through is.
            return true;
        }
        if (!inRange(range, ip)) {
            return false;
        }
        for (JsonNode except : block.path("except")) {
            if (inRange(except.asText(), ip)) {
                return false;
            }
        }
        return true;
    }

    private static boolean inRange(String range, String ip) {
        int slash = range.indexOf('/');
        if (slash < 0 || !range.matches("[\\d.]+/\\d{1,2}") || !ip.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return false;
        }
        int bits = Math.min(32, Integer.parseInt(range.substring(slash + 1)));
        long mask = bits == 0 ? 0 : 0xffffffffL << (32 - bits);
        return (number(range.substring(0, slash)) & mask) == (number(ip) & mask);
    }

    private static long number(String ip) {
        long value = 0;
        for (String part : ip.split("\\.")) {
            value = value << 8 | Long.parseLong(part);
        }
        return value & 0xffffffffL;
    }
}
