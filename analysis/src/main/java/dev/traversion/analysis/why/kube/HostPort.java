/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A port of its node that a pod takes for itself.
 *
 * @param ip {@code ""} for all addresses of the node
 */
public record HostPort(int number, String protocol, String ip) {

    /** All that a pod with this spec takes. */
    static Set<HostPort> of(JsonNode spec) {
        Set<HostPort> found = new LinkedHashSet<>();
        for (JsonNode container : Pods.containers(spec)) {
            for (JsonNode port : container.path("ports")) {
                int number = port.path("hostPort").asInt(0);
                if (number > 0) {
                    String ip = port.path("hostIP").asText("");
                    found.add(
                            new HostPort(number, port.path("protocol").asText("TCP"), ip.equals("0.0.0.0") ? "" : ip));
                }
            }
        }
        return found;
    }

    /** Whether pods with two specs cannot be on one node, since both want a port of it. */
    public static boolean clash(JsonNode spec, JsonNode other) {
        return of(spec).stream().anyMatch(port -> of(other).stream().anyMatch(port::isTakenBy));
    }

    boolean isTakenBy(HostPort other) {
        return number == other.number
                && protocol.equals(other.protocol)
                && (ip.isEmpty() || other.ip.isEmpty() || ip.equals(other.ip));
    }
}
