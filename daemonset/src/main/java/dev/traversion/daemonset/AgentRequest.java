/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import java.nio.file.Path;
import java.util.Set;

/**
 * What of a node is asked to be recorded, and within which bounds.
 *
 * @param cgroups where the node's control groups are mounted
 * @param events what is recorded beside usage
 * @param usageNanos between two samples of usage
 * @param spoolBytes the node's files may have; then rows are shed
 * @param eventsPerSecond events of a type that one control group may cause in a second, 0 for no limit
 * @param degrades whether it goes on with usage alone where no probe can be used; else that is an error
 */
public record AgentRequest(
        Path cgroups, Set<EventClass> events, long usageNanos, long spoolBytes, int eventsPerSecond, boolean degrades) {

    /** What is usual, or a sentence that says why not. */
    public static final AgentRequest USUAL =
            new AgentRequest(Path.of("/sys/fs/cgroup"), EventClass.USUAL, 5_000_000_000L, 512L << 20, 2000, false);

    public AgentRequest {
        events = Set.copyOf(events);
    }

    /** The same of other events. */
    public AgentRequest withEvents(Set<EventClass> others) {
        return new AgentRequest(cgroups, others, usageNanos, spoolBytes, eventsPerSecond, degrades);
    }

    /** The same with another limit for a control group. */
    AgentRequest withLimit(int perSecond) {
        return new AgentRequest(cgroups, events, usageNanos, spoolBytes, perSecond, degrades);
    }
}
