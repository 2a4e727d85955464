/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the console can show, but this recording, or this program, does not have: it says so, and why. */
final class Unrecorded {

    private Unrecorded() {}

    static ObjectNode of(String what) {
        String reason =
                switch (what) {
                    case "logs" ->
                        "no agent was told to record the logs of containers: kubectl traversion record --node --logs";
                    case "flows" -> "this recording holds no connections between pods that can be shown here";
                    default -> "this recording holds no usage of CPU and memory that can be shown here";
                };
        return JsonNodeFactory.instance.objectNode().put("recorded", false).put("reason", reason);
    }
}
