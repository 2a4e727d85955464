/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.traversion.analysis.node.NodeActivity;
import dev.traversion.analysis.node.NodeEvent;
import dev.traversion.analysis.node.NodeFlow;
import dev.traversion.analysis.node.NodePage;
import dev.traversion.analysis.node.NodeSelection;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.kubectl.query.QueryDatabase;
import dev.traversion.kubectl.server.OpenRecording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod that lived 100 ms, was killed for want of memory and could not connect: what users are told of it. */
class NodeCommandsTest {

    private static final String CLUSTER = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType SERVICES = new ResourceType("", "services");
    private static final long START = 1_770_000_000_000_000_000L;
    private static final long MILLI = 1_000_000;
    private static final String CONTAINER = "c".repeat(64);

    @TempDir
    private Path directory;

    private OpenRecording opened;

    @BeforeEach
    void record() throws Exception {
        try (Store store = new FileStore(directory.resolve("recording"))) {
            try (RecordingWriter writer =
                    RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
                writer.mark(new CoverageMark(PODS, CoverageMark.Kind.OPENED, START, "1", ""));
                add(writer, SERVICES, "db", 5, Operation.ADDED, "\"spec\":{\"clusterIPs\":[\"10.96.0.7\"]}");
                add(writer, PODS, "brief", 10, Operation.ADDED, "\"status\":{}");
                String status =
                        "\"status\":{\"podIPs\":[{\"ip\":\"10.1.0.9\"}],\"containerStatuses\":[{\"name\":\"main\","
                                + "\"containerID\":\"containerd://" + CONTAINER + "\"}]}";
                add(writer, PODS, "brief", 60, Operation.MODIFIED, status);
                add(writer, PODS, "brief", 110, Operation.DELETED, status);
                add(writer, PODS, "heir", 120, Operation.ADDED, "\"status\":{}");
                add(writer, PODS, "heir", 130, Operation.MODIFIED, status);
            }
            land(store);
        }
        opened = new OpenRecording(directory.resolve("recording").toString(), "");
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void whatHappenedToAPodOfATenthOfASecondHasItsNames() throws Exception {
        NodeActivity activity = new NodeActivity(opened.history(), opened.nodes(), START, START + 3600_000 * MILLI);

        NodeSelection selection = NodeSelection.processes(activity.names(), List.of("n1"), "shop", "brief");
        List<NodeEvent> events =
                activity.events(selection, false, false, NodePage.Request.ALL).rows();

        assertThat(events)
                .extracting(event ->
                        event.pod().map(ObjectKey::path).orElse("-") + " " + event.container() + ": " + event.text())
                .containsExactly(
                        "shop/brief main: stress (pid 7) killed: out of memory with 64 MiB",
                        "shop/brief main: stress (pid 7) killed by SIGKILL, at most 65 MiB",
                        "shop/brief main: connection to services/shop/db:5432 (10.96.0.7) failed: refused",
                        "- : 3 events of kind exec were not recorded: the ring was full");
    }

    @Test
    void pagesTogetherAreTheWholeAndTheLatestAreItsEnd() throws Exception {
        NodeActivity activity = new NodeActivity(opened.history(), opened.nodes(), START, START + 3600_000 * MILLI);
        List<NodeEvent> whole = activity.events(NodeSelection.EVERYTHING, false, false, NodePage.Request.ALL)
                .rows();
        assertThat(whole).hasSize(4);
        for (int limit = 1; limit <= whole.size(); limit++) {
            List<NodeEvent> pages = new ArrayList<>();
            NodePage.Request request = NodePage.Request.first(limit);
            NodePage<NodeEvent> page;
            do {
                page = activity.events(NodeSelection.EVERYTHING, false, false, request);
                assertThat(page.rows()).hasSizeBetween(1, limit);
                pages.addAll(page.rows());
                request = page.next().isEmpty() ? request : NodePage.Request.after(limit, page.next());
            } while (!page.next().isEmpty());
            assertThat(pages).as("pages of %d", limit).isEqualTo(whole);
        }
        NodePage<NodeEvent> latest =
                activity.events(NodeSelection.EVERYTHING, false, false, NodePage.Request.latest(3));
        assertThat(latest.rows()).isEqualTo(whole.subList(1, 4));
        assertThat(latest.omitted()).isEqualTo(1);
    }

    @Test
    void connectionsToAServiceAreFoundByItsName() throws Exception {
        NodeActivity activity = new NodeActivity(opened.history(), opened.nodes(), START, START + 3600_000 * MILLI);

        NodeSelection selection = NodeSelection.connections(activity.names(), "shop", "db");
        List<NodeFlow> flows =
                activity.flows(selection, false, NodePage.Request.ALL).rows();

        assertThat(flows).singleElement().satisfies(flow -> {
            assertThat(flow.local()).isEqualTo("pods/shop/brief:4000 (10.1.0.9)");
            assertThat(flow.remote()).isEqualTo("services/shop/db:5432 (10.96.0.7)");
            assertThat(flow.error()).isEqualTo(111);
        });
    }

    @Test
    void anAddressMeansWhoHadItWhenTheConnectionWasMade() throws Exception {
        NodeActivity activity = new NodeActivity(opened.history(), opened.nodes(), START, START + 3600_000 * MILLI);

        NodeSelection ofBrief = NodeSelection.connections(activity.names(), "shop", "pod/brief");
        assertThat(activity.flows(ofBrief, false, NodePage.Request.ALL).rows())
                .extracting(NodeFlow::kind, NodeFlow::remote)
                .containsExactly(
                        tuple("failed", "services/shop/db:5432 (10.96.0.7)"),
                        tuple("accepted", "pods/shop/brief:4001 (10.1.0.9)"));
        NodeSelection ofHeir = NodeSelection.connections(activity.names(), "shop", "pod/heir");
        assertThat(activity.flows(ofHeir, false, NodePage.Request.ALL).rows()).isEmpty();
    }

    @Test
    void sqlSeesVersionsAndEventsTogetherAndCanOnlyRead() throws Exception {
        try (QueryDatabase database = new QueryDatabase(opened, Files.createDirectory(directory.resolve("work")))) {
            assertThat(rows(
                            database,
                            "SELECT name, kind, signal, time FROM process_events JOIN pods USING (pod_uid)"
                                    + " WHERE kind = 'exit'"))
                    .containsExactly(List.of("brief", "exit", 9, "2026-02-02 02:40:00.102"));
            assertThat(rows(database, "SELECT name, operation FROM versions WHERE name = 'brief' ORDER BY observed_at"))
                    .containsExactly(
                            List.of("brief", "ADDED"), List.of("brief", "MODIFIED"), List.of("brief", "DELETED"));
            assertThat(rows(database, "SELECT name FROM objects(TIMESTAMP_NS '2026-02-02 02:40:00.07') ORDER BY name"))
                    .containsExactly(List.of("brief"), List.of("db"));
            assertThat(rows(database, "SELECT name FROM objects(TIMESTAMP_NS '2026-02-02 02:40:01') ORDER BY name"))
                    .containsExactly(List.of("db"), List.of("heir"));
            assertThat(rows(
                            database,
                            "SELECT remote_port, kind, sent_bytes FROM connections WHERE remote_address = '10.9.0.1'"
                                    + " ORDER BY remote_port, time"))
                    .as("with an end, told of twice without one, and another one with the same ports")
                    .containsExactly(
                            List.of(1, "unknown", 30),
                            List.of(2, "open", 20),
                            List.of(3, "open", 10),
                            List.of(3, "connected", 5));
            assertThat(rows(database, "SELECT line FROM lines ORDER BY logged"))
                    .containsExactly(List.of("one"), List.of("two"), List.of("two"));
            assertThat(database.empty()).contains("usage").doesNotContain("flows");
            for (String change : List.of(
                    "CREATE TABLE t (i INT)",
                    "COPY (SELECT 1) TO '" + directory.resolve("out") + "'",
                    "SELECT 1; SELECT 2",
                    "SET enable_external_access = true",
                    "SELECT * FROM read_text('/etc/hostname')",
                    "SELECT FROM WHERE")) {
                assertThatThrownBy(() -> rows(database, change)).as(change).isInstanceOf(TraversionException.class);
            }
            assertThat(directory.resolve("out")).doesNotExist();
        }
    }

    private static List<List<Object>> rows(QueryDatabase database, String sql) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        database.query(sql, new QueryDatabase.Rows() {
            @Override
            public void columns(List<String> names) {}

            @Override
            public void row(List<Object> values) {
                rows.add(values.stream()
                        .map(value -> value instanceof Long number ? (Object) number.intValue() : value)
                        .toList());
            }
        });
        return rows;
    }

    private static void add(
            RecordingWriter writer, ResourceType type, String name, int millis, Operation operation, String rest)
            throws InterruptedException {
        String version = Integer.toString(millis);
        String body = "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"shop\",\"uid\":\"u-" + name
                + "\",\"resourceVersion\":\"" + version + "\"}," + rest + "}";
        writer.append(new Change(
                new ObjectKey(type, "shop", name),
                type.equals(PODS) ? "Pod" : "Service",
                "u-" + name,
                version,
                START + millis * MILLI,
                operation,
                body.getBytes(StandardCharsets.UTF_8)));
    }

    /** The boot clock began at the recording's start. */
    private static void land(Store store) throws IOException {
        Path landing = store.local(new Layout(CLUSTER).landing()).orElseThrow();
        try (LandingWriter file = new LandingWriter(landing, new LandingName("n1", 1, 0))) {
            RowBlock clock = new RowBlock(LandingTable.CLOCK);
            clock.set(LandingTable.CLOCK.column("time"), MILLI);
            clock.set(LandingTable.CLOCK.column("utc"), START + MILLI);
            clock.endRow();
            file.append(clock);
            RowBlock processes = new RowBlock(LandingTable.PROCESS_EVENTS);
            process(processes, 101, "oom_kill", 64);
            processes.endRow();
            process(processes, 102, "exit", 65);
            processes.set(LandingTable.PROCESS_EVENTS.column("signal"), 9);
            processes.endRow();
            file.append(processes);
            RowBlock flows = new RowBlock(LandingTable.FLOWS);
            LandingTable table = LandingTable.FLOWS;
            flows.set(table.column("time"), 103 * MILLI);
            flows.set(table.column("kind"), "failed");
            flows.set(table.column("pod_uid"), "u-brief");
            flows.set(table.column("container_id"), CONTAINER);
            flows.set(table.column("local_address"), "10.1.0.9");
            flows.set(table.column("local_port"), 4000);
            flows.set(table.column("remote_address"), "10.96.0.7");
            flows.set(table.column("remote_port"), 5432);
            flows.set(table.column("error"), 111);
            flows.endRow();
            // The other end learned late that it was over: another pod has the address by then.
            flows.set(table.column("time"), 140 * MILLI);
            flows.set(table.column("kind"), "accepted");
            flows.set(table.column("started"), 70 * MILLI);
            flows.set(table.column("local_address"), "10.1.0.50");
            flows.set(table.column("local_port"), 5432);
            flows.set(table.column("remote_address"), "10.1.0.9");
            flows.set(table.column("remote_port"), 4001);
            flows.endRow();
            flow(flows, 200, "open", 0, 1, 10);
            flow(flows, 210, "unknown", 0, 1, 30);
            flow(flows, 200, "open", 0, 2, 10);
            flow(flows, 220, "open", 0, 2, 20);
            flow(flows, 200, "open", 0, 3, 10);
            flow(flows, 230, "connected", 225, 3, 5);
            file.append(flows);
            RowBlock lines = new RowBlock(LandingTable.LOGS);
            line(lines, 300, 10, "begin", "");
            line(lines, 301, 11, "stdout", "one");
            line(lines, 302, 12, "stdout", "two");
            line(lines, 303, 13, "stdout", "two");
            // The agent had lost its place.
            line(lines, 400, 14, "begin", "");
            line(lines, 401, 11, "stdout", "one");
            line(lines, 402, 12, "stdout", "two");
            file.append(lines);
            RowBlock gaps = new RowBlock(LandingTable.GAPS);
            gaps.set(LandingTable.GAPS.column("from_time"), 104 * MILLI);
            gaps.set(LandingTable.GAPS.column("to_time"), 105 * MILLI);
            gaps.set(LandingTable.GAPS.column("kind"), "exec");
            gaps.set(LandingTable.GAPS.column("events"), 3);
            gaps.set(LandingTable.GAPS.column("reason"), "the ring was full");
            gaps.endRow();
            file.append(gaps);
        }
    }

    private static void flow(RowBlock row, long millis, String kind, long started, int port, long sent) {
        LandingTable table = LandingTable.FLOWS;
        row.set(table.column("time"), millis * MILLI);
        row.set(table.column("kind"), kind);
        row.set(table.column("started"), started * MILLI);
        row.set(table.column("local_address"), "10.9.0.2");
        row.set(table.column("local_port"), 4000);
        row.set(table.column("remote_address"), "10.9.0.1");
        row.set(table.column("remote_port"), port);
        row.set(table.column("sent_bytes"), sent);
        row.endRow();
    }

    private static void line(RowBlock row, long millis, long logged, String stream, String text) {
        LandingTable table = LandingTable.LOGS;
        row.set(table.column("time"), millis * MILLI);
        row.set(table.column("logged"), START + logged * MILLI);
        row.set(table.column("pod_uid"), "u-brief");
        row.set(table.column("container"), "main");
        row.set(table.column("stream"), stream);
        row.set(table.column("line"), text);
        row.endRow();
    }

    private static void process(RowBlock row, long millis, String kind, long mebi) {
        LandingTable table = LandingTable.PROCESS_EVENTS;
        row.set(table.column("time"), millis * MILLI);
        row.set(table.column("kind"), kind);
        row.set(table.column("pid"), 7);
        row.set(table.column("command"), "stress");
        row.set(table.column("pod_uid"), "u-brief");
        row.set(table.column("container_id"), CONTAINER);
        row.set(table.column("resident_bytes"), mebi << 20);
    }
}
