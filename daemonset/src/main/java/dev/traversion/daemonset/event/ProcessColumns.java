/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static dev.traversion.archive.landing.LandingTable.PROCESS_EVENTS;

/** The columns of processes. */
final class ProcessColumns {

    static final int TIME = PROCESS_EVENTS.column("time");
    static final int KIND = PROCESS_EVENTS.column("kind");
    static final int PID = PROCESS_EVENTS.column("pid");
    static final int PROCESS_START = PROCESS_EVENTS.column("process_start");
    static final int PARENT_PID = PROCESS_EVENTS.column("parent_pid");
    static final int CGROUP = PROCESS_EVENTS.column("cgroup");
    static final int POD_UID = PROCESS_EVENTS.column("pod_uid");
    static final int CONTAINER_ID = PROCESS_EVENTS.column("container_id");
    static final int COMMAND = PROCESS_EVENTS.column("command");
    static final int FILE = PROCESS_EVENTS.column("file");
    static final int USER = PROCESS_EVENTS.column("uid");
    static final int ARGUMENTS = PROCESS_EVENTS.column("arguments");
    static final int EXIT_CODE = PROCESS_EVENTS.column("exit_code");
    static final int SIGNAL = PROCESS_EVENTS.column("signal");
    static final int SIGNAL_CODE = PROCESS_EVENTS.column("signal_code");
    static final int SENDER_PID = PROCESS_EVENTS.column("sender_pid");
    static final int SENDER_COMMAND = PROCESS_EVENTS.column("sender_command");
    static final int USER_TIME = PROCESS_EVENTS.column("user_time");
    static final int SYSTEM_TIME = PROCESS_EVENTS.column("system_time");
    static final int RESIDENT_BYTES = PROCESS_EVENTS.column("resident_bytes");
    static final int WORKING_DIRECTORY = PROCESS_EVENTS.column("working_directory");

    private ProcessColumns() {}
}
