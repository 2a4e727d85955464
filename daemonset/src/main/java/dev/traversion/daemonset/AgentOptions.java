/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.daemonset.logs.LogOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How an agent records.
 *
 * @param landing the folder of all nodes
 * @param node the node's name
 * @param request what it is asked to record
 * @param eventsPerSecond events of a type that one control group may cause in a second, 0 for no limit
 * @param slowBlockNanos from which on a request of a block device is a row by itself
 * @param ringBytes of the kernel's ring for connections: a power of two
 * @param rareRingBytes of its ring for processes: a power of two
 * @param fileNanos after which a file is ended and the next begins
 * @param logs how logs of containers are recorded; empty if they are not
 */
public record AgentOptions(
        Path landing,
        String node,
        AgentRequest request,
        int eventsPerSecond,
        long slowBlockNanos,
        int ringBytes,
        int rareRingBytes,
        long fileNanos,
        Optional<LogOptions> logs) {

    public static AgentOptions defaults(Path landing, String node) {
        return new AgentOptions(
                landing, node, AgentRequest.ALL, 2000, 10_000_000, 4 << 20, 1 << 20, 60_000_000_000L, Optional.empty());
    }

    /** The same with another idea of what is slow. */
    public AgentOptions withSlowBlock(long nanos) {
        return new AgentOptions(
                landing, node, request, eventsPerSecond, nanos, ringBytes, rareRingBytes, fileNanos, logs);
    }

    /** The same with other limits for a control group, and rings of other sizes. */
    public AgentOptions withLimits(int perSecond, int ring, int rareRing) {
        return new AgentOptions(landing, node, request, perSecond, slowBlockNanos, ring, rareRing, fileNanos, logs);
    }

    /** The same as it is asked for, with logs or without. */
    AgentOptions with(AgentRequest asked, Optional<LogOptions> recorded) {
        return new AgentOptions(
                landing, node, asked, eventsPerSecond, slowBlockNanos, ringBytes, rareRingBytes, fileNanos, recorded);
    }
}
