/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.node.NodeDocument;
import dev.traversion.analysis.node.NodeFlow;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Times;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion flows [SERVICE]}. */
@Command(
        name = "flows",
        sortOptions = false,
        description = {
            "Show TCP connections: who talked to whom, how long, how much, and what failed, was sent again or reset.",
            "",
            "A connection is told of when it ends, by each node that saw it. Addresses have the names they had when it began.",
            "Bytes are of the whole connection: those of one that is \"open\" (when an agent began) are again in its end.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion flows checkout -n shop --at 14:03",
            "  kubectl traversion flows pod/checkout-7d9f -n shop --since 1h",
            "  kubectl traversion flows --failed -o json"
        })
final class FlowsCommand extends Common implements Callable<Integer> {

    @Mixin
    private RecordingOption recording;

    @Mixin
    private Around around;

    @Mixin
    private NamespaceOption namespace;

    @Option(names = "--failed", description = "Only what failed, was sent again or reset.")
    private boolean failed;

    @Mixin
    private OutputOption output;

    @Parameters(
            arity = "0..1",
            defaultValue = "",
            paramLabel = "SERVICE|pod/POD",
            description = "A service: connections to it, and to and from what is behind it. Without it: all.")
    private String target;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        try (NodePast past = nodes(recording)) {
            Around.Bounds bounds = around.of(past, recording, namespace.namespace());
            NodePast.Told<NodeFlow> told =
                    past.flows(new NodePast.Asked(bounds.from(), bounds.to(), namespace.namespace(), target, failed));
            List<NodeFlow> flows = told.rows();
            terminal.note(terminal.dim("# " + MomentText.full(bounds.from()) + " .. " + MomentText.full(bounds.to())));
            told.notes().forEach(note -> terminal.note("# " + note));
            if (output.isText()) {
                print(terminal, flows);
            } else {
                try (JsonGenerator document = output.open(terminal)) {
                    Documents.write(document, flows, NodeDocument::of);
                }
                terminal.out().println();
            }
            return 0;
        }
    }

    private void print(Terminal terminal, List<NodeFlow> flows) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of("TIME", "NODE", "POD", "KIND", "LOCAL", "REMOTE", "LASTED", "SENT", "RECEIVED", "RTT", "RETR"));
        for (NodeFlow flow : flows) {
            rows.add(List.of(
                    MomentText.full(Times.instant(flow.at())),
                    flow.node(),
                    flow.pod().map(ObjectKey::path).orElse("-"),
                    flow.outcome(),
                    flow.local(),
                    flow.remote(),
                    flow.nanos() == 0 ? "-" : String.format(Locale.ROOT, "%.1fms", flow.nanos() / 1e6),
                    Long.toString(flow.sentBytes()),
                    Long.toString(flow.receivedBytes()),
                    flow.roundTripMicros() == 0 ? "-" : flow.roundTripMicros() + "us",
                    Long.toString(flow.retransmits())));
        }
        List<String> lines = StatusCommand.aligned(rows);
        for (int i = 0; i < lines.size(); i++) {
            boolean isTrouble = i > 0 && flows.get(i - 1).isTrouble();
            terminal.out().println(isTrouble ? terminal.removed(lines.get(i)) : lines.get(i));
        }
        terminal.note(flows.size() + " connections and segments." + (flows.isEmpty() ? around.hint() : ""));
    }
}
