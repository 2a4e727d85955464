/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.node.NodeDocument;
import dev.traversion.analysis.node.NodeUsage;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    private static final long MEBI = 1 << 20;

    /** What is told of. */
    enum Kind {
        PODS(NodeUsage.Kind.POD),
        CONTAINERS(NodeUsage.Kind.CONTAINER),
        NODES(NodeUsage.Kind.NODE);

        private final NodeUsage.Kind of;

        Kind(NodeUsage.Kind of) {
            this.of = of;
        }
    }

    @Mixin
    private RecordingOption recording;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            defaultValue = "now",
            description = "The moment. Without it: now, which is the end of the recording.")
    private String at;

    @Mixin
    private NamespaceOption namespace;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "pods|containers|nodes", description = "What to tell of.")
    private Kind kind;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        try (NodePast past = nodes(recording)) {
            boolean isNow = at.equals("now");
            Instant moment =
                    isNow ? Instant.now() : past.resolve(TimeParser.parse(at), recording.zone(), namespace.namespace());
            NodePast.Told<NodeUsage> told = past.usage(moment, isNow, kind.of, namespace.namespace());
            told.notes().forEach(note -> terminal.note("# " + note));
            List<NodeUsage> used = told.rows();
            if (used.isEmpty()) {
                throw new TraversionException(
                        "Not recorded: no agent has told what " + kind.name().toLowerCase(Locale.ROOT)
                                + (namespace.namespace().isEmpty() ? "" : " in the namespace " + namespace.namespace())
                                + " used in the 15 s before " + MomentText.full(moment) + ".");
            }
            if (output.isText()) {
                print(terminal, moment, used);
            } else {
                try (JsonGenerator document = output.open(terminal)) {
                    Documents.write(document, used, NodeDocument::of);
                }
                terminal.out().println();
            }
            return 0;
        }
    }

    private static void print(Terminal terminal, Instant moment, List<NodeUsage> used) {
        terminal.note(terminal.dim("# " + MomentText.full(moment)));
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("NAMESPACE", "NAME", "NODE", "CPU", "MEMORY", "PEAK", "LIMIT", "THROTTLED"));
        for (NodeUsage each : used) {
            long periods = each.value("periods");
            lines.add(List.of(
                    each.namespace().isEmpty() ? "-" : each.namespace(),
                    each.name(),
                    each.node(),
                    each.value("cpu_nanocores") < 0 ? "-" : each.value("cpu_nanocores") / 1_000_000 + "m",
                    mebi(each.value("working_set_bytes")),
                    mebi(each.value("peak_bytes")),
                    mebi(each.value("limit_bytes")),
                    periods <= 0 ? "-" : each.value("throttled_periods") * 100 / periods + "%"));
        }
        StatusCommand.aligned(lines).forEach(terminal.out()::println);
    }

    private static String mebi(long bytes) {
        return bytes < 0 ? "-" : bytes / MEBI + "Mi";
    }
}
