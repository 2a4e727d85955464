/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.archive.TraversionException;
import dev.traversion.daemonset.logs.LogOptions;
import dev.traversion.masking.Masking;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How an agent records.
 *
 * @param landing the folder of all nodes
 * @param node the node's name
 * @param request what it is asked to record
 * @param slowBlockNanos from which on a request of a block device is a row by itself
 * @param ringBytes of the kernel's ring for connections: a power of two
 * @param rareRingBytes of its ring for processes: a power of two
 * @param fileNanos after which a file is ended and the next begins
 * @param masking what is secret in arguments and working directories of programs; asked each time, and may throw
 * @param logs how logs of containers are recorded; empty if they are not
 */
public record AgentOptions(
        Path landing,
        String node,
        AgentRequest request,
        long slowBlockNanos,
        int ringBytes,
        int rareRingBytes,
        long fileNanos,
        Supplier<Masking> masking,
        Optional<LogOptions> logs) {

    public static AgentOptions defaults(Path landing, String node) {
        return new AgentOptions(
                landing,
                node,
                AgentRequest.USUAL,
                10_000_000,
                4 << 20,
                1 << 20,
                60_000_000_000L,
                AgentOptions::noMasking,
                Optional.empty());
    }

    /** The same with another idea of what is slow. */
    public AgentOptions withSlowBlock(long nanos) {
        return new AgentOptions(landing, node, request, nanos, ringBytes, rareRingBytes, fileNanos, masking, logs);
    }

    /** The same with other limits for a control group, and rings of other sizes. */
    public AgentOptions withLimits(int perSecond, int ring, int rareRing) {
        return new AgentOptions(
                landing, node, request.withLimit(perSecond), slowBlockNanos, ring, rareRing, fileNanos, masking, logs);
    }

    /** The same of other events. */
    AgentOptions withEvents(Set<EventClass> events) {
        return with(request.withEvents(events), masking, logs);
    }

    /** The same with something secret in arguments. */
    AgentOptions withMasking(Supplier<Masking> secret) {
        return with(request, secret, logs);
    }

    /** The same as it is asked for, with logs or without. */
    AgentOptions with(AgentRequest asked, Supplier<Masking> secret, Optional<LogOptions> recorded) {
        return new AgentOptions(
                landing, node, asked, slowBlockNanos, ringBytes, rareRingBytes, fileNanos, secret, recorded);
    }

    private static Masking noMasking() {
        throw new TraversionException(
                "It is not said what is secret in arguments and working directories of programs.");
    }
}
