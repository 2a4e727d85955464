/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static dev.traversion.archive.landing.LandingTable.FLOWS;

/** The columns of connections. */
final class FlowColumns {

    static final int TIME = FLOWS.column("time");
    static final int KIND = FLOWS.column("kind");
    static final int STARTED = FLOWS.column("started");
    static final int PID = FLOWS.column("pid");
    static final int PROCESS_START = FLOWS.column("process_start");
    static final int CGROUP = FLOWS.column("cgroup");
    static final int POD_UID = FLOWS.column("pod_uid");
    static final int CONTAINER_ID = FLOWS.column("container_id");
    static final int LOCAL_ADDRESS = FLOWS.column("local_address");
    static final int LOCAL_PORT = FLOWS.column("local_port");
    static final int REMOTE_ADDRESS = FLOWS.column("remote_address");
    static final int REMOTE_PORT = FLOWS.column("remote_port");
    static final int NETWORK_NAMESPACE = FLOWS.column("network_namespace");
    static final int SENT_BYTES = FLOWS.column("sent_bytes");
    static final int RECEIVED_BYTES = FLOWS.column("received_bytes");
    static final int ROUND_TRIP_US = FLOWS.column("round_trip_us");
    static final int RETRANSMITS = FLOWS.column("retransmits");
    static final int ERROR = FLOWS.column("error");

    private FlowColumns() {}
}
