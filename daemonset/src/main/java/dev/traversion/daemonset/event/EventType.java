/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import java.util.Locale;

/** The types of events, numbered as in bpf-programs/events.h. */
public enum EventType {
    EXEC(1),
    EXIT(2),
    OOM_KILL(3),
    SIGNAL(4),
    FLOW(5),
    RETRANSMIT(6),
    RESET(7),
    CGROUP(8),
    RUNNING(9),
    BLOCK_IO(10),
    DNS(11);

    private final int code;

    EventType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** As it is called in the recording's gaps. */
    public String kind() {
        return name().toLowerCase(Locale.ROOT);
    }
}
