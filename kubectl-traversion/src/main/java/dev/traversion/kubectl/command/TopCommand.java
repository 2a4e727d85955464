/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.node.NodeNames;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion top pods|containers|nodes}. */
@Command(
        name = "top",
        sortOptions = false,
        description = {
            "Show what pods, containers or nodes used at a moment, as the node agent saw it: processors, memory and the most of it ever,"
                    + " the limit, and how much of the time they were throttled.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion top pods -n shop --at 14:03",
            "  kubectl traversion top nodes --at 10m"
        })
final class TopCommand extends Common implements Callable<Integer> {

    private static final long RECENT = 15_000_000_000L;
    private static final long MEBI = 1 << 20;

    /** What is told of. */
    enum Kind {
        PODS,
        CONTAINERS,
        NODES
    }

    @Mixin
    private RecordingOption recording;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            defaultValue = "now",
            description = "The moment. Without it: now, which is the end of the recording.")
    private String at;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "Only this namespace. Without it: all.")
    private String namespace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            defaultValue = "text",
            description = "Form of the output: text (default), json or yaml.")
    private Documents.Form output;

    @Parameters(paramLabel = "pods|containers|nodes", description = "What to tell of.")
    private Kind kind;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        try (OpenRecording opened = OpenRecording.ofNodes(recording.location(state()), recording.cluster())) {
            EventsCommand.recorded(opened);
            Instant moment = at.equals("now")
                    ? Instant.now()
                    : opened.resolve(TimeParser.parse(at), recording.zone(), namespace);
            long to = Times.nanos(moment);
            // Usage that is landed once a minute may be that old.
            long since = to - (at.equals("now") ? RECENT + Duration.ofMinutes(2).toNanos() : RECENT);
            String wanted =
                    switch (kind) {
                        case PODS -> "pod";
                        case CONTAINERS -> "container";
                        case NODES -> "node";
                    };
            Collection<NodeRow> rows =
                    latest(opened.nodes().rows(LandingTable.USAGE, since, to + 1, row -> row.text("kind")
                            .equals(wanted)));
            if (rows.isEmpty()) {
                throw new TraversionException(
                        "Not recorded: no agent has told what " + kind.name().toLowerCase(Locale.ROOT)
                                + " used in the 15 s before " + MomentText.full(moment) + ".");
            }
            NodeNames names = NodeNames.of(opened.history(), since, to);
            List<Used> used = rows.stream()
                    .map(row -> Used.of(row, names))
                    .filter(each -> namespace.isEmpty() || each.namespace().equals(namespace))
                    .sorted(Comparator.comparing(Used::namespace).thenComparing(Used::name))
                    .toList();
            if (output == Documents.Form.TEXT) {
                print(terminal, moment, used);
            } else {
                try (JsonGenerator document = Documents.open(terminal.out(), output)) {
                    document.writeStartArray();
                    for (Used each : used) {
                        each.write(document);
                    }
                    document.writeEndArray();
                }
                terminal.out().println();
            }
            return 0;
        }
    }

    /** The last row of each control group of each node. */
    private static Collection<NodeRow> latest(List<NodeRow> rows) {
        Map<String, NodeRow> latest = new TreeMap<>();
        rows.forEach(row -> latest.put(row.node() + "/" + row.number("cgroup"), row));
        return latest.values();
    }

    private record Used(String namespace, String name, NodeRow row) {

        static Used of(NodeRow row, NodeNames names) {
            if (row.text("kind").equals("node")) {
                return new Used("", row.node(), row);
            }
            ObjectKey pod = names.pod(row.text("pod_uid")).orElse(null);
            String container = row.text("container_id");
            String of = pod == null ? "uid " + row.text("pod_uid") : pod.name();
            return new Used(
                    pod == null ? "" : pod.namespace(),
                    container.isEmpty() ? of : of + "/" + names.container(container),
                    row);
        }

        void write(JsonGenerator document) throws IOException {
            document.writeStartObject();
            document.writeStringField("namespace", namespace);
            document.writeStringField("name", name);
            document.writeStringField("node", row.node());
            document.writeStringField("time", Times.instant(row.time()).toString());
            for (String column : List.of(
                    "cpu_nanocores",
                    "cpu_ns",
                    "periods",
                    "throttled_periods",
                    "throttled_ns",
                    "memory_bytes",
                    "working_set_bytes",
                    "peak_bytes",
                    "limit_bytes",
                    "read_bytes",
                    "written_bytes",
                    "cpu_pressure_us",
                    "memory_pressure_us",
                    "io_pressure_us",
                    "processes")) {
                if (row.number(column) >= 0) {
                    document.writeNumberField(column, row.number(column));
                }
            }
            document.writeEndObject();
        }
    }

    private static void print(Terminal terminal, Instant moment, List<Used> used) {
        terminal.note(terminal.dim("# " + MomentText.full(moment)));
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("NAMESPACE", "NAME", "NODE", "CPU", "MEMORY", "PEAK", "LIMIT", "THROTTLED"));
        for (Used each : used) {
            NodeRow row = each.row();
            long periods = row.number("periods");
            lines.add(List.of(
                    each.namespace().isEmpty() ? "-" : each.namespace(),
                    each.name(),
                    row.node(),
                    row.number("cpu_nanocores") < 0 ? "-" : row.number("cpu_nanocores") / 1_000_000 + "m",
                    mebi(row.number("working_set_bytes")),
                    mebi(row.number("peak_bytes")),
                    mebi(row.number("limit_bytes")),
                    periods <= 0 ? "-" : row.number("throttled_periods") * 100 / periods + "%"));
        }
        StatusCommand.aligned(lines).forEach(terminal.out()::println);
    }

    private static String mebi(long bytes) {
        return bytes < 0 ? "-" : bytes / MEBI + "Mi";
    }
}
