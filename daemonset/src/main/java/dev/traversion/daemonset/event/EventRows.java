/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static dev.traversion.archive.landing.LandingTable.ARGUMENTS;
import static dev.traversion.archive.landing.LandingTable.BLOCK_IO;
import static dev.traversion.archive.landing.LandingTable.CGROUPS;
import static dev.traversion.archive.landing.LandingTable.DNS;
import static dev.traversion.archive.landing.LandingTable.FLOWS;
import static dev.traversion.archive.landing.LandingTable.PROCESS_EVENTS;

import dev.traversion.archive.landing.RowBlock;
import dev.traversion.daemonset.attribution.CgroupTree;
import dev.traversion.daemonset.attribution.Container;
import dev.traversion.daemonset.probe.EventConsumer;
import dev.traversion.masking.Masking;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/** Makes a row of each event, with its pod and container. Allocates nothing for an event in a known cgroup. For one thread. */
public final class EventRows implements EventConsumer {

    /** How many bytes a question has that was not answered. */
    public static final int QUESTION_BYTES = Layouts.Dns.BYTES;

    private static final int RUNNING = 9;
    private static final int CGROUP_MADE = 1;
    private static final int RESET_RECEIVED = 1;
    private static final int PAGE = 4096;
    private static final byte[][] FLOW_KINDS = {Kinds.UNKNOWN, Kinds.CONNECTED, Kinds.ACCEPTED, Kinds.FAILED, Kinds.OPEN
    };

    private static final int CGROUP_TIME = CGROUPS.column("time");
    private static final int CGROUP_KIND = CGROUPS.column("kind");
    private static final int CGROUP_ID = CGROUPS.column("cgroup");
    private static final int CGROUP_POD = CGROUPS.column("pod_uid");
    private static final int CGROUP_CONTAINER = CGROUPS.column("container_id");
    private static final int CGROUP_PATH = CGROUPS.column("path");

    private final RowSink rows;
    private final CgroupTree cgroups;
    private final EventData data = new EventData();
    private final BlockRows block = new BlockRows();
    private final DnsRows dns = new DnsRows();
    private final ArgumentRows arguments;
    private final WorkingDirectory directory;
    private final long[] seen = new long[16];

    /** @param masking what is secret in arguments and paths, which is asked each time; it may throw, and then they are not told */
    public EventRows(RowSink rows, CgroupTree cgroups, Supplier<Masking> masking) {
        this.rows = rows;
        this.cgroups = cgroups;
        this.arguments = new ArgumentRows(masking);
        this.directory = new WorkingDirectory(masking);
    }

    /** How many events of a type came. */
    public long seen(EventType type) {
        return seen[type.code()];
    }

    @Override
    public void event(MemorySegment segment, long offset, int length) {
        data.at(segment, offset);
        int type = data.shortAt(Layouts.Event.TYPE);
        seen[type & 15]++;
        switch (type) {
            case 1 -> {
                exec(Kinds.EXEC);
                if (length >= Layouts.ExecArguments.BYTES) {
                    arguments.tell(rows.block(ARGUMENTS), data, container());
                }
            }
            case RUNNING -> exec(Kinds.RUNNING);
            case 2 -> exit();
            case 3 -> oom();
            case 4 -> signal();
            case 5 -> flow();
            case 6 -> segment(Kinds.RETRANSMIT);
            case 7 ->
                segment(
                        data.byteAt(Layouts.Segment.DIRECTION) == RESET_RECEIVED
                                ? Kinds.RESET_RECEIVED
                                : Kinds.RESET_SENT);
            case 8 -> cgroup();
            case 10 -> block.slow(rows.block(BLOCK_IO), data);
            case 11 -> dns.tell(rows.block(DNS), data, container());
            default -> throw new IllegalStateException("an event of unknown type " + type);
        }
    }

    private Container container() {
        return cgroups.container(data.longAt(Layouts.Event.CGROUP));
    }

    /** Finds lookups over TCP in segments, which are told when they have an answer, or get none. */
    public TcpLookups tcpLookups() {
        return new TcpLookups(this);
    }

    /** Says that a control group was there when the agent began. */
    public void present(long time, long cgroup, String path) {
        row(time, Kinds.PRESENT, cgroup, path);
    }

    /** Says how many requests of block devices took how long since it was last told. */
    public void blockTimes(long time, long[] counts) {
        block.histogram(rows, time, counts);
    }

    private void exec(byte[] kind) {
        RowBlock row = process(kind);
        row.set(ProcessColumns.PARENT_PID, data.intAt(Layouts.Exec.PARENT));
        row.set(ProcessColumns.USER, Integer.toUnsignedLong(data.intAt(Layouts.Exec.USER)));
        row.set(ProcessColumns.ARGUMENTS, data.intAt(Layouts.Exec.ARGUMENTS));
        data.copy(row, ProcessColumns.COMMAND, Layouts.Exec.COMMAND, Layouts.COMMAND_BYTES);
        data.copy(row, ProcessColumns.FILE, Layouts.Exec.FILE, Layouts.FILE_BYTES);
        directory.tell(row, data);
        row.endRow();
    }

    private void exit() {
        RowBlock row = process(Kinds.EXIT);
        int status = data.intAt(Layouts.Exit.STATUS);
        row.set(ProcessColumns.PARENT_PID, data.intAt(Layouts.Exit.PARENT));
        row.set(ProcessColumns.EXIT_CODE, status >> 8 & 0xFF);
        row.set(ProcessColumns.SIGNAL, status & 0x7F);
        row.set(ProcessColumns.USER_TIME, data.longAt(Layouts.Exit.USER_TIME));
        row.set(ProcessColumns.SYSTEM_TIME, data.longAt(Layouts.Exit.SYSTEM_TIME));
        row.set(ProcessColumns.RESIDENT_BYTES, data.longAt(Layouts.Exit.MAX_RESIDENT_PAGES) * PAGE);
        data.copy(row, ProcessColumns.COMMAND, Layouts.Exit.COMMAND, Layouts.COMMAND_BYTES);
        row.endRow();
    }

    private void oom() {
        RowBlock row = process(Kinds.OOM_KILL);
        row.set(ProcessColumns.RESIDENT_BYTES, data.longAt(Layouts.Oom.RESIDENT_PAGES) * PAGE);
        data.copy(row, ProcessColumns.COMMAND, Layouts.Oom.COMMAND, Layouts.COMMAND_BYTES);
        row.endRow();
    }

    private void signal() {
        RowBlock row = process(Kinds.SIGNAL);
        row.set(ProcessColumns.SIGNAL, data.intAt(Layouts.Signal.SIGNAL));
        row.set(ProcessColumns.SIGNAL_CODE, data.intAt(Layouts.Signal.CODE));
        row.set(ProcessColumns.SENDER_PID, data.intAt(Layouts.Signal.SENDER));
        data.copy(row, ProcessColumns.COMMAND, Layouts.Signal.COMMAND, Layouts.COMMAND_BYTES);
        data.copy(row, ProcessColumns.SENDER_COMMAND, Layouts.Signal.SENDER_COMMAND, Layouts.COMMAND_BYTES);
        row.endRow();
    }

    private RowBlock process(byte[] kind) {
        RowBlock row = rows.block(PROCESS_EVENTS);
        long cgroup = data.longAt(Layouts.Event.CGROUP);
        Container container = cgroups.container(cgroup);
        row.set(ProcessColumns.TIME, data.longAt(Layouts.Event.TIME));
        row.set(ProcessColumns.KIND, kind);
        row.set(ProcessColumns.PID, data.intAt(Layouts.Event.PID));
        row.set(ProcessColumns.PROCESS_START, data.longAt(Layouts.Event.PROCESS_START));
        row.set(ProcessColumns.CGROUP, cgroup);
        row.set(ProcessColumns.POD_UID, container.podUid());
        row.set(ProcessColumns.CONTAINER_ID, container.containerId());
        return row;
    }

    private void flow() {
        RowBlock row = rows.block(FLOWS);
        long cgroup = data.longAt(Layouts.Event.CGROUP);
        Container container = cgroups.container(cgroup);
        row.set(FlowColumns.TIME, data.longAt(Layouts.Event.TIME));
        row.set(FlowColumns.KIND, FLOW_KINDS[data.shortAt(Layouts.Flow.KIND)]);
        row.set(FlowColumns.STARTED, data.longAt(Layouts.Flow.STARTED));
        row.set(FlowColumns.PID, data.intAt(Layouts.Event.PID));
        row.set(FlowColumns.PROCESS_START, data.longAt(Layouts.Event.PROCESS_START));
        row.set(FlowColumns.CGROUP, cgroup);
        row.set(FlowColumns.POD_UID, container.podUid());
        row.set(FlowColumns.CONTAINER_ID, container.containerId());
        row.set(FlowColumns.SENT_BYTES, data.longAt(Layouts.Flow.SENT));
        row.set(FlowColumns.RECEIVED_BYTES, data.longAt(Layouts.Flow.RECEIVED));
        row.set(FlowColumns.ROUND_TRIP_US, data.intAt(Layouts.Flow.ROUND_TRIP_US));
        row.set(FlowColumns.RETRANSMITS, data.intAt(Layouts.Flow.RETRANSMITS));
        row.set(FlowColumns.ERROR, data.intAt(Layouts.Flow.ERROR));
        int family = data.shortAt(Layouts.Flow.FAMILY);
        data.address(row, FlowColumns.LOCAL_ADDRESS, family, Layouts.Flow.LOCAL);
        data.address(row, FlowColumns.REMOTE_ADDRESS, family, Layouts.Flow.REMOTE);
        row.set(FlowColumns.LOCAL_PORT, data.shortAt(Layouts.Flow.LOCAL_PORT));
        row.set(FlowColumns.REMOTE_PORT, data.shortAt(Layouts.Flow.REMOTE_PORT));
        row.set(FlowColumns.NETWORK_NAMESPACE, Integer.toUnsignedLong(data.intAt(Layouts.Flow.NETWORK_NAMESPACE)));
        row.endRow();
    }

    private void segment(byte[] kind) {
        RowBlock row = rows.block(FLOWS);
        row.set(FlowColumns.TIME, data.longAt(Layouts.Event.TIME));
        row.set(FlowColumns.KIND, kind);
        int family = data.shortAt(Layouts.Segment.FAMILY);
        data.address(row, FlowColumns.LOCAL_ADDRESS, family, Layouts.Segment.LOCAL);
        data.address(row, FlowColumns.REMOTE_ADDRESS, family, Layouts.Segment.REMOTE);
        row.set(FlowColumns.LOCAL_PORT, data.shortAt(Layouts.Segment.LOCAL_PORT));
        row.set(FlowColumns.REMOTE_PORT, data.shortAt(Layouts.Segment.REMOTE_PORT));
        row.set(FlowColumns.NETWORK_NAMESPACE, Integer.toUnsignedLong(data.intAt(Layouts.Segment.NETWORK_NAMESPACE)));
        row.endRow();
    }

    private void cgroup() {
        long cgroup = data.longAt(Layouts.Event.CGROUP);
        long time = data.longAt(Layouts.Event.TIME);
        String path = data.text(Layouts.Cgroup.PATH, Layouts.PATH_BYTES);
        if (data.intAt(Layouts.Cgroup.CHANGE) == CGROUP_MADE) {
            cgroups.made(cgroup, path);
            row(time, Kinds.MADE, cgroup, path);
        } else {
            row(time, Kinds.REMOVED, cgroup, path);
            cgroups.removed(cgroup, time);
        }
    }

    private void row(long time, byte[] kind, long cgroup, String path) {
        RowBlock row = rows.block(CGROUPS);
        Container container = cgroups.container(cgroup);
        row.set(CGROUP_TIME, time);
        row.set(CGROUP_KIND, kind);
        row.set(CGROUP_ID, cgroup);
        row.set(CGROUP_POD, container.podUid());
        row.set(CGROUP_CONTAINER, container.containerId());
        row.set(CGROUP_PATH, path);
        row.endRow();
    }
}
