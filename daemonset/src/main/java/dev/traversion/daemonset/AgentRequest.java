/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * What of a node is asked to be recorded, and within which bounds.
 *
 * @param cgroups where the node's control groups are mounted
 * @param events what is recorded beside usage
 * @param usageNanos between two samples of usage
 * @param spoolBytes the node's files may have; then rows are shed
 * @param degrades whether it goes on with usage alone where no probe can be used; else that is an error
 */
public record AgentRequest(Path cgroups, Set<EventClass> events, long usageNanos, long spoolBytes, boolean degrades) {

    /** Everything, or a sentence that says why not. */
    public static final AgentRequest ALL = new AgentRequest(
            Path.of("/sys/fs/cgroup"), EnumSet.allOf(EventClass.class), 5_000_000_000L, 512L << 20, false);

    public AgentRequest {
        events = Set.copyOf(events);
    }
}
