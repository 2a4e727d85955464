/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import static dev.traversion.archive.landing.LandingColumn.number;
import static dev.traversion.archive.landing.LandingColumn.text;

import java.util.List;
import java.util.Optional;

/**
 * The tables of node events and their columns. Times are nanoseconds of the node's boot clock, which the rows of {@link #CLOCK} relate
 * to UTC; a column that says nothing of a row has 0 or the empty text. Codes and the order of columns are stored: only append.
 */
public enum LandingTable {
    /** Processes: begun, ended, killed, signalled; and what was running when the agent began. */
    PROCESS_EVENTS(
            1,
            number("time"),
            text("kind"),
            number("pid"),
            number("process_start"),
            number("parent_pid"),
            number("cgroup"),
            text("pod_uid"),
            text("container_id"),
            text("command"),
            text("file"),
            number("user"),
            number("arguments"),
            number("exit_code"),
            number("signal"),
            number("signal_code"),
            number("sender_pid"),
            text("sender_command"),
            number("user_time"),
            number("system_time"),
            number("resident_bytes")),
    /** TCP connections at their end, and segments that were sent again or refused. */
    FLOWS(
            2,
            number("time"),
            text("kind"),
            number("started"),
            number("pid"),
            number("process_start"),
            number("cgroup"),
            text("pod_uid"),
            text("container_id"),
            text("local_address"),
            number("local_port"),
            text("remote_address"),
            number("remote_port"),
            number("network_namespace"),
            number("sent_bytes"),
            number("received_bytes"),
            number("round_trip_us"),
            number("retransmits"),
            number("error")),
    /** What was not recorded: how many events of a kind were lost between two times, where, and why. */
    GAPS(
            3,
            number("from"),
            number("to"),
            text("kind"),
            number("events"),
            number("bytes"),
            text("stage"),
            text("reason")),
    /** Samples of the clocks: UTC nanoseconds at a time of the boot clock, and how far apart the readings around it were. */
    CLOCK(4, number("time"), number("utc"), number("uncertainty"), text("boot_id")),
    /** Control groups: made and removed, and those that were there when the agent began. */
    CGROUPS(5, number("time"), text("kind"), number("cgroup"), text("pod_uid"), text("container_id"), text("path")),
    /** Requests of block devices: those that took long, and how many took how long since the row before. */
    BLOCK_IO(
            6,
            number("time"),
            text("kind"),
            text("device"),
            text("operation"),
            number("bytes"),
            number("queued"),
            number("served"),
            number("failed"),
            number("at_least_us"),
            number("requests"));

    private final int code;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes lists that cannot be changed
    private final List<LandingColumn> columns;

    LandingTable(int code, LandingColumn... columns) {
        this.code = code;
        this.columns = List.of(columns);
    }

    int code() {
        return code;
    }

    /** In the order of their ids, which are their indices. */
    public List<LandingColumn> columns() {
        return columns;
    }

    /**
     * The id of a column.
     *
     * @throws IllegalArgumentException if the table has none of that name
     */
    public int column(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(this + " has no column " + name);
    }

    static Optional<LandingTable> of(int code) {
        for (LandingTable table : values()) {
            if (table.code == code) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }
}
