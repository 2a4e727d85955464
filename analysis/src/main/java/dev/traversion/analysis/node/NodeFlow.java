/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.node.NodeRow;
import java.util.Optional;
import java.util.Set;

/**
 * A connection that ended, or was open when an agent began, or a segment that was sent again or refused. The bytes of one that is open are
 * again in those of its end.
 *
 * @param at ns UTC
 * @param kind as the row has it
 * @param pod whose process it was; empty of the node's own, and of segments
 * @param local its end here, with a name if it has one
 * @param remote the other end, likewise
 * @param localObject what has the address here: a pod, a service or a node
 * @param remoteObject what has the other one, likewise
 * @param nanos how long it was open; 0 if that is not known
 * @param error the error number of one that failed or broke
 */
public record NodeFlow(
        long at,
        String node,
        String kind,
        Optional<ObjectKey> pod,
        String local,
        String remote,
        Optional<ObjectKey> localObject,
        Optional<ObjectKey> remoteObject,
        long nanos,
        long sentBytes,
        long receivedBytes,
        long roundTripMicros,
        long retransmits,
        long error) {

    private static final Set<String> GOOD = Set.of("connected", "accepted", "unknown", "open");

    static NodeFlow of(NodeRow row, NodeNames names) {
        long started = row.number("started");
        return new NodeFlow(
                row.time(),
                row.node(),
                row.text("kind"),
                names.pod(row.text("pod_uid")),
                NodeEvent.address(row, "local", names),
                NodeEvent.address(row, "remote", names),
                names.local(row),
                names.remote(row),
                started == 0 ? 0 : row.time() - started,
                row.number("sent_bytes"),
                row.number("received_bytes"),
                row.number("round_trip_us"),
                row.number("retransmits"),
                row.number("error"));
    }

    static boolean isTrouble(NodeRow row) {
        return !GOOD.contains(row.text("kind")) || row.number("retransmits") > 0 || NodeEvent.isBroken(row);
    }

    /** Whether it failed or broke, was sent again or reset. */
    public boolean isTrouble() {
        return !GOOD.contains(kind) || retransmits > 0 || NodeEvent.isBroken(kind, error);
    }

    /** What became of it, in words: {@code connected}, {@code failed: refused}. */
    public String outcome() {
        return NodeEvent.outcome(kind, error);
    }
}
