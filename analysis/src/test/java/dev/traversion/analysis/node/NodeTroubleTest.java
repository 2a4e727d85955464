/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of lookups and samples is told as trouble. */
class NodeTroubleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long NO_SUCH_NAME = 3;
    private static final long SERVER_FAILED = 2;

    @Test
    void thatAResolverTriesDomainsUntilOneHasTheNameIsNoTrouble() {
        assertThat(failed(
                        lookup(7, 10, "db.shop.svc.cluster.local", NO_SUCH_NAME),
                        lookup(7, 10, "db.svc.cluster.local", NO_SUCH_NAME),
                        lookup(7, 11, "db.example.com", 0)))
                .isEmpty();
    }

    @Test
    void aNameThatIsNowhereOrOnlyMuchLaterOrOfAnotherProcessIs() {
        assertThat(failed(
                        lookup(7, 10, "db.shop", NO_SUCH_NAME),
                        lookup(7, 20, "db.shop", 0),
                        lookup(8, 10, "db.shop", 0),
                        lookup(7, 10, "web.shop", 0)))
                .containsExactly("db.shop");
    }

    @Test
    void aServerThatFailsOrDoesNotAnswerIsTroubleWhateverComesNext() {
        NodeRow unanswered = row(
                LandingTable.DNS,
                Map.of("time", 10 * SECOND, "pid", 7L),
                Map.of("kind", "unanswered", "name", "b.shop"));

        assertThat(failed(lookup(7, 10, "a.shop", SERVER_FAILED), lookup(7, 11, "a.shop", 0), unanswered))
                .containsExactly("a.shop", "b.shop");
    }

    @Test
    void aStartIsToldWithItsDirectoryWhereThatIsKnown() {
        Map<String, Long> numbers = Map.of("time", SECOND, "pid", 7L, "parent_pid", 6L);
        NodeRow known = row(
                LandingTable.PROCESS_EVENTS,
                numbers,
                Map.of("kind", "exec", "command", "web", "file", "./web", "working_directory", "/srv/app"));
        NodeRow unknown = row(
                LandingTable.PROCESS_EVENTS,
                numbers,
                Map.of("kind", "exec", "command", "web", "file", "./web", "working_directory", ""));

        assertThat(List.of(known, unknown))
                .extracting(row -> NodeEvent.of(row, NodeNames.none()).text())
                .containsExactly(
                        "web (pid 7) ./web in /srv/app, parent 6, uid 0", "web (pid 7) ./web, parent 6, uid 0");
    }

    @Test
    void waitsForTheLimitOfProcessorsAreToldAsDifferencesInWhateverOrderSamplesCome() {
        List<NodeRow> told = Throttling.of(List.of(
                sample(1, 15, 270, 41, 900_000_000),
                sample(1, 5, 200, 1, 5_000_000),
                sample(1, 10, 220, 2, 6_000_000),
                // Another container, and one that does not wait any more.
                sample(2, 15, 900, 800, 1),
                sample(3, 5, 100, 50, 1),
                sample(3, 10, 150, 50, 1)));

        assertThat(told).hasSize(1);
        NodeEvent event = NodeEvent.of(told.getFirst(), NodeNames.none());
        assertThat(event.kind()).isEqualTo("throttled");
        assertThat(event.text()).isEqualTo("throttled in 39 of 50 periods of its CPU limit, waited 894 ms");
        assertThat(event.isTrouble()).isTrue();
    }

    @Test
    void connectionsThatBreakAreTroubleAndThoseThatEndAreNot() {
        assertThat(NodeEvent.of(flow("connected", 104), NodeNames.none()))
                .returns("broken", NodeEvent::kind)
                .returns("connection to 10.0.0.7:80 broke: reset by the other side", NodeEvent::text)
                .returns(true, NodeEvent::isTrouble);
        assertThat(NodeEvent.of(flow("accepted", 110), NodeNames.none()).text())
                .isEqualTo("connection from 10.0.0.7:80 broke: timed out");
        assertThat(NodeEvent.of(flow("failed", 111), NodeNames.none()))
                .returns("failed", NodeEvent::kind)
                .returns("connection to 10.0.0.7:80 failed: refused", NodeEvent::text);
        assertThat(NodeEvent.isTrouble(flow("connected", 0))).isFalse();
        assertThat(NodeEvent.isTrouble(flow("accepted", 32)))
                .as("closed after the other side had ended")
                .isFalse();
    }

    @Test
    void thatASandboxIsKilledAndTheRuntimesStepsEndIsNoTrouble() {
        assertThat(NodeEvent.isTrouble(exit("pause", 0, 9))).isFalse();
        assertThat(NodeEvent.isTrouble(exit("pause", 1, 0))).isTrue();
        assertThat(NodeEvent.isTrouble(exit("java", 0, 9))).isTrue();
        assertThat(NodeEvent.isRuntimesStep(exit("runc:[1:CHILD]", 0, 0))).isTrue();
        assertThat(NodeEvent.isRuntimesStep(exit("runc:[2:INIT]", 1, 0))).isFalse();
    }

    private static NodeRow exit(String command, long code, long signal) {
        return row(
                LandingTable.PROCESS_EVENTS,
                Map.of("time", 10 * SECOND, "pid", 7L, "exit_code", code, "signal", signal),
                Map.of("kind", "exit", "command", command));
    }

    private static NodeRow flow(String kind, long error) {
        return row(
                LandingTable.FLOWS,
                Map.of("time", 10 * SECOND, "remote_port", 80L, "error", error),
                Map.of("kind", kind, "remote_address", "10.0.0.7"));
    }

    private static List<String> failed(NodeRow... rows) {
        FailedLookups lookups = new FailedLookups(
                List.of(rows).stream().filter(FailedLookups::isFailed).toList());
        List.of(rows).stream().filter(lookups::isFoundOfThem).forEach(lookups::found);
        return lookups.rest().stream().map(row -> row.text("name")).toList();
    }

    private static NodeRow lookup(long pid, long second, String name, long code) {
        return row(
                LandingTable.DNS,
                Map.of("time", second * SECOND, "pid", pid, "code", code),
                Map.of("kind", "answered", "name", name));
    }

    private static NodeRow sample(long cgroup, long second, long periods, long throttled, long nanos) {
        return row(
                LandingTable.USAGE,
                Map.of(
                        "time",
                        second * SECOND,
                        "cgroup",
                        cgroup,
                        "periods",
                        periods,
                        "throttled_periods",
                        throttled,
                        "throttled_ns",
                        nanos),
                Map.of("kind", "container"));
    }

    private static NodeRow row(LandingTable table, Map<String, Long> numbers, Map<String, String> texts) {
        long[] values = new long[table.columns().size()];
        String[] words = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            String column = table.columns().get(i).name();
            values[i] = numbers.getOrDefault(column, 0L);
            words[i] = table.columns().get(i).isText() ? texts.getOrDefault(column, "") : null;
        }
        return new NodeRow(table, "n1", values[0], values, words);
    }
}
