/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** What an agent on a node lands, written by hand; its boot clock shows UTC. */
final class TestNode implements AutoCloseable {

    private final LandingWriter file;
    private final Map<LandingTable, RowBlock> blocks = new EnumMap<>(LandingTable.class);
    private long order = TestCluster.START;

    /** @param directory of the cluster */
    TestNode(Path directory, String node) throws IOException {
        Path landing = directory.resolve("recording/clusters/" + TestCluster.ID + "/landing");
        file = new LandingWriter(landing, new LandingName(node, 1, 0));
        RowBlock clock = block(LandingTable.CLOCK);
        clock.set(LandingTable.CLOCK.column("time"), TestCluster.START);
        clock.set(LandingTable.CLOCK.column("utc"), TestCluster.START);
        clock.endRow();
    }

    private RowBlock block(LandingTable table) {
        return blocks.computeIfAbsent(table, RowBlock::new);
    }

    /** A container is followed from here on. */
    TestNode begin(String uid, String container, long restart, long time) {
        return line(uid, container, restart, time, "begin", "");
    }

    TestNode line(String uid, String container, long restart, long time, String stream, String text) {
        return cutLine(uid, container, restart, time, stream, text, 0);
    }

    TestNode cutLine(String uid, String container, long restart, long time, String stream, String text, long cut) {
        LandingTable logs = LandingTable.LOGS;
        RowBlock row = block(logs);
        row.set(logs.column("time"), order++);
        row.set(logs.column("logged"), time);
        row.set(logs.column("pod_uid"), uid);
        row.set(logs.column("container"), container);
        row.set(logs.column("restart"), restart);
        row.set(logs.column("stream"), stream);
        row.set(logs.column("line"), text);
        row.set(logs.column("cut"), cut);
        row.endRow();
        return this;
    }

    /** As if some time went by until the next line is read. */
    TestNode later(long nanos) {
        order += nanos;
        return this;
    }

    TestNode gap(long time, String reason) {
        LandingTable gaps = LandingTable.GAPS;
        RowBlock row = block(gaps);
        row.set(gaps.column("from_time"), time);
        row.set(gaps.column("to_time"), time + 1);
        row.set(gaps.column("kind"), "logs");
        row.set(gaps.column("stage"), "agent");
        row.set(gaps.column("reason"), reason);
        row.endRow();
        return this;
    }

    /** @param kind container, pod or node */
    TestNode used(String kind, String uid, String container, long time, long nanocores, long bytes) {
        LandingTable usage = LandingTable.USAGE;
        RowBlock row = block(usage);
        row.set(usage.column("time"), time);
        row.set(usage.column("kind"), kind);
        row.set(usage.column("pod_uid"), uid);
        row.set(usage.column("container_id"), container);
        row.set(usage.column("cpu_nanocores"), nanocores);
        row.set(usage.column("working_set_bytes"), bytes);
        row.endRow();
        return this;
    }

    /** A process of a container has ended. */
    TestNode exit(String uid, long time, String command, long code) {
        LandingTable processes = LandingTable.PROCESS_EVENTS;
        RowBlock row = block(processes);
        row.set(processes.column("time"), time);
        row.set(processes.column("kind"), "exit");
        row.set(processes.column("pid"), 7);
        row.set(processes.column("command"), command);
        row.set(processes.column("pod_uid"), uid);
        row.set(processes.column("exit_code"), code);
        row.endRow();
        return this;
    }

    /** @param kind connected, accepted or failed */
    TestNode flow(String kind, String uid, long time, String local, String remote, long port) {
        LandingTable flows = LandingTable.FLOWS;
        RowBlock row = block(flows);
        row.set(flows.column("time"), time);
        row.set(flows.column("kind"), kind);
        row.set(flows.column("pod_uid"), uid);
        row.set(flows.column("local_address"), local);
        row.set(flows.column("local_port"), 40_000);
        row.set(flows.column("remote_address"), remote);
        row.set(flows.column("remote_port"), port);
        row.set(flows.column("sent_bytes"), kind.equals("failed") ? 0 : 100);
        row.set(flows.column("error"), kind.equals("failed") ? 111 : 0);
        row.endRow();
        return this;
    }

    @Override
    public void close() throws IOException {
        for (RowBlock block : blocks.values()) {
            file.append(block);
        }
        file.close();
    }
}
