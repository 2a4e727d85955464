/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.node.NodeRow;
import java.util.Optional;

/**
 * A connection that ended, or a segment that was sent again or refused.
 *
 * @param at ns UTC
 * @param kind as the row has it
 * @param pod whose process it was; empty of the node's own, and of segments
 * @param local its end here, with a name if it has one
 * @param remote the other end, likewise
 * @param nanos how long it was open; 0 if that is not known
 * @param error the error number of a failed one
 */
public record NodeFlow(
        long at,
        String node,
        String kind,
        Optional<ObjectKey> pod,
        String local,
        String remote,
        long nanos,
        long sentBytes,
        long receivedBytes,
        long roundTripMicros,
        long retransmits,
        long error) {

    static NodeFlow of(NodeRow row, NodeNames names) {
        long started = row.number("started");
        return new NodeFlow(
                row.time(),
                row.node(),
                row.text("kind"),
                names.pod(row.text("pod_uid")),
                NodeEvent.address(row, "local", names),
                NodeEvent.address(row, "remote", names),
                started == 0 ? 0 : row.time() - started,
                row.number("sent_bytes"),
                row.number("received_bytes"),
                row.number("round_trip_us"),
                row.number("retransmits"),
                row.number("error"));
    }
}
