/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import java.util.List;

/** The probes, each of which is loaded by itself: where one cannot be, the others go on. */
public enum Probe {
    /** First, since it tells of new control groups before anything happens in them. */
    CGROUP("cgroup", "cgroup"),
    EXEC("exec", "exec"),
    EXIT("exit", "exit"),
    OOM("oom", "oom_kill"),
    SIGNAL("signal", "signal"),
    TCP("tcp", "flow"),
    SEGMENTS("segments", "retransmit", "reset"),
    BLOCK("block", "block_io"),
    DNS("dns", "dns"),
    /** After that of connections, which knows whose they are. */
    DNS_TCP("dns_tcp", "dns_tcp");

    private final String file;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes lists that cannot be changed
    private final List<String> kinds;

    Probe(String file, String... kinds) {
        this.file = file;
        this.kinds = List.of(kinds);
    }

    /** Of the object in the agent's jar. */
    String file() {
        return file;
    }

    /** The kinds of events that are not recorded without it. */
    public List<String> kinds() {
        return kinds;
    }
}
