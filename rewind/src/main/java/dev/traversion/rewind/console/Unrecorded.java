/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the console can show, but this recording, or this program, does not have: it says so, and why. */
final class Unrecorded {

    private static final String AGENT = "kubectl traversion record --node, or spec.nodes of a Recording";

    private Unrecorded() {}

    static ObjectNode of(String what) {
        String reason =
                switch (what) {
                    case "logs" ->
                        "no agent was told to record the logs of containers: kubectl traversion record --node --logs";
                    case "flows" -> "no agent has recorded connections on the nodes: " + AGENT;
                    case "processes" -> "no agent has recorded what processes did on the nodes: " + AGENT;
                    default -> "no agent has recorded the usage of CPU and memory: " + AGENT;
                };
        return JsonNodeFactory.instance.objectNode().put("recorded", false).put("reason", reason);
    }
}
