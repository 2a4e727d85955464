/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import static dev.traversion.archive.landing.LandingColumn.number;
import static dev.traversion.archive.landing.LandingColumn.text;
import static dev.traversion.archive.landing.LandingColumn.time;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The tables of node events and their columns. Times are nanoseconds of the node's boot clock, which the rows of {@link #CLOCK} relate
 * to UTC; a column that says nothing of a row has 0 or the empty text. Codes and the order of columns are stored: only append.
 */
public enum LandingTable {
    /** Processes: begun, ended, killed, signalled; and what was running when the agent began. */
    PROCESS_EVENTS(
            1,
            time("time"),
            text("kind"),
            number("pid"),
            number("process_start"),
            number("parent_pid"),
            number("cgroup"),
            text("pod_uid"),
            text("container_id"),
            text("command"),
            text("file"),
            number("uid"),
            number("arguments"),
            number("exit_code"),
            number("signal"),
            number("signal_code"),
            number("sender_pid"),
            text("sender_command"),
            number("user_time"),
            number("system_time"),
            number("resident_bytes"),
            text("working_directory").later()),
    /** TCP connections at their end, and segments that were sent again or refused. */
    FLOWS(
            2,
            time("time"),
            text("kind"),
            time("started"),
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
            time("from_time"),
            time("to_time"),
            text("kind"),
            number("events"),
            number("bytes"),
            text("stage"),
            text("reason")),
    /** Samples of the clocks: UTC nanoseconds at a time of the boot clock, and how far apart the readings around it were. */
    CLOCK(4, time("time"), number("utc"), number("uncertainty"), text("boot_id")),
    /** Control groups: made and removed, and those that were there when the agent began. */
    CGROUPS(5, time("time"), text("kind"), number("cgroup"), text("pod_uid"), text("container_id"), text("path")),
    /** Requests of block devices: those that took long, and how many took how long since the row before. */
    BLOCK_IO(
            6,
            time("time"),
            text("kind"),
            text("device"),
            text("operation"),
            number("bytes"),
            number("queued"),
            number("served"),
            number("failed"),
            number("at_least_us"),
            number("requests")),
    /**
     * What containers, pods and the node have used: counters since they began, but for {@code cpu_nanocores} (since the sample before),
     * and for memory and processes, which are of the moment; -1 for what the kernel does not tell.
     */
    USAGE(
            7,
            time("time"),
            text("kind"),
            number("cgroup"),
            text("pod_uid"),
            text("container_id"),
            number("cpu_nanocores"),
            number("cpu_ns"),
            number("periods"),
            number("throttled_periods"),
            number("throttled_ns"),
            number("memory_bytes"),
            number("working_set_bytes"),
            number("peak_bytes"),
            number("limit_bytes"),
            number("read_bytes"),
            number("written_bytes"),
            number("cpu_pressure_us"),
            number("memory_pressure_us"),
            number("io_pressure_us"),
            number("processes")),
    /**
     * What containers wrote, line by line. {@code time} is when the agent read it, {@code logged} the UTC that the container runtime gave it;
     * {@code cut} is how many bytes of a line that was too long are missing; {@code stream} is {@code begin} where the agent began to follow
     * a container, before any line. {@code position} is where the line ends among the bytes the agent has read of the log.
     */
    LOGS(
            8,
            time("time"),
            number("logged"),
            text("pod_uid"),
            text("container"),
            number("restart"),
            text("stream"),
            text("line"),
            number("cut"),
            number("position")),
    /**
     * Questions to servers of names: {@code answered} or {@code unanswered}. {@code time} is when it was asked first; {@code type} and
     * {@code code} are numbers of DNS; {@code took} is ns, 0 of what has no answer.
     */
    DNS(
            9,
            time("time"),
            text("kind"),
            number("pid"),
            number("process_start"),
            number("cgroup"),
            text("pod_uid"),
            text("container_id"),
            text("name"),
            number("type"),
            number("code"),
            number("took"),
            number("attempts"),
            text("server_address"),
            number("server_port"),
            number("network_namespace")),
    /** Arguments of programs that began, masked, where they are asked for; {@code cut} is how many bytes are missing at their end. */
    ARGUMENTS(
            10,
            time("time"),
            number("pid"),
            number("process_start"),
            number("cgroup"),
            text("pod_uid"),
            text("container_id"),
            text("command_line"),
            number("cut"));

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

    /** What it is called in a recording. */
    public String tableName() {
        return name().toLowerCase(Locale.ROOT);
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
