/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.daemonset.logs.LogOptions;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How an agent records.
 *
 * @param landing the folder of all nodes
 * @param node the node's name
 * @param cgroups where control groups are mounted
 * @param eventsPerSecond events of a type that one control group may cause in a second, 0 for no limit
 * @param slowBlockNanos from which on a request of a block device is a row by itself
 * @param ringBytes of the kernel's ring for connections: a power of two
 * @param rareRingBytes of its ring for processes: a power of two
 * @param spoolBytes the node's files may have; then rows are shed
 * @param fileNanos after which a file is ended and the next begins
 * @param events what is recorded beside usage
 * @param usageNanos between two samples of usage
 * @param degrades whether it goes on with usage alone where no probe can be used; else that is an error
 * @param logs how logs of containers are recorded; empty if they are not
 */
public record AgentOptions(
        Path landing,
        String node,
        Path cgroups,
        int eventsPerSecond,
        long slowBlockNanos,
        int ringBytes,
        int rareRingBytes,
        long spoolBytes,
        long fileNanos,
        Set<EventClass> events,
        long usageNanos,
        boolean degrades,
        Optional<LogOptions> logs) {

    public AgentOptions {
        events = Set.copyOf(events);
    }

    public static AgentOptions defaults(Path landing, String node) {
        return new AgentOptions(
                landing,
                node,
                Path.of("/sys/fs/cgroup"),
                2000,
                10_000_000,
                4 << 20,
                1 << 20,
                512L << 20,
                60_000_000_000L,
                EnumSet.allOf(EventClass.class),
                5_000_000_000L,
                false,
                Optional.empty());
    }

    /** The same with another idea of what is slow. */
    public AgentOptions withSlowBlock(long nanos) {
        return new AgentOptions(
                landing,
                node,
                cgroups,
                eventsPerSecond,
                nanos,
                ringBytes,
                rareRingBytes,
                spoolBytes,
                fileNanos,
                events,
                usageNanos,
                degrades,
                logs);
    }

    /** The same with other limits for a control group, and rings of other sizes. */
    public AgentOptions withLimits(int perSecond, int ring, int rareRing) {
        return new AgentOptions(
                landing,
                node,
                cgroups,
                perSecond,
                slowBlockNanos,
                ring,
                rareRing,
                spoolBytes,
                fileNanos,
                events,
                usageNanos,
                degrades,
                logs);
    }

    /** The same as it is asked for. */
    AgentOptions with(AgentRequest request) {
        return new AgentOptions(
                landing,
                node,
                request.cgroups(),
                eventsPerSecond,
                slowBlockNanos,
                ringBytes,
                rareRingBytes,
                request.spoolBytes(),
                fileNanos,
                request.events(),
                request.usageNanos(),
                request.degrades(),
                logs);
    }

    /** The same, with logs. */
    AgentOptions withLogs(Optional<LogOptions> recorded) {
        return new AgentOptions(
                landing,
                node,
                cgroups,
                eventsPerSecond,
                slowBlockNanos,
                ringBytes,
                rareRingBytes,
                spoolBytes,
                fileNanos,
                events,
                usageNanos,
                degrades,
                recorded);
    }
}
