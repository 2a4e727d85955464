/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.node.NodeActivity;
import dev.traversion.analysis.node.NodeFlow;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
            "A connection is told of when it ends, by each node that saw it. Addresses have the names they had at that time.",
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

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "The namespace of SERVICE. Without it: any.")
    private String namespace;

    @Option(names = "--failed", description = "Only what failed, was sent again or reset.")
    private boolean failed;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            defaultValue = "text",
            description = "Form of the output: text (default), json or yaml.")
    private Documents.Form output;

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
        try (OpenRecording opened = OpenRecording.ofNodes(recording.location(state()), recording.cluster())) {
            NodeTables nodes = EventsCommand.recorded(opened);
            Around.Bounds bounds = around.of(opened, recording, namespace);
            NodeActivity activity =
                    new NodeActivity(opened.history(), nodes, Times.nanos(bounds.from()), Times.nanos(bounds.to()));
            List<NodeFlow> flows = flows(activity, bounds).stream()
                    .filter(flow -> !failed || isTrouble(flow))
                    .toList();
            terminal.note(terminal.dim("# " + MomentText.full(bounds.from()) + " .. " + MomentText.full(bounds.to())));
            for (NodeRow gap : activity.gaps("")) {
                if (Set.of("flow", "flows", "retransmit", "reset", "everything").contains(gap.text("kind"))) {
                    terminal.note("# " + gap.node() + ": "
                            + (gap.number("events") > 0 ? gap.number("events") + " " : "") + gap.text("kind")
                            + " not recorded: " + gap.text("reason"));
                }
            }
            if (output == Documents.Form.TEXT) {
                print(terminal, flows);
            } else {
                try (JsonGenerator document = Documents.open(terminal.out(), output)) {
                    write(document, flows);
                }
                terminal.out().println();
            }
            return 0;
        }
    }

    private List<NodeFlow> flows(NodeActivity activity, Around.Bounds bounds) throws IOException {
        if (target.isEmpty()) {
            Set<String> uids = namespace.isEmpty() ? Set.of() : activity.names().uids(namespace, "");
            return !namespace.isEmpty() && uids.isEmpty() ? List.of() : activity.flows(Set.of(), uids);
        }
        boolean isPod = target.startsWith("pod/");
        Set<String> uids = isPod ? activity.names().uids(namespace, target.substring("pod/".length())) : Set.of();
        Set<String> addresses = isPod ? Set.of() : activity.names().addresses(namespace, target);
        if (uids.isEmpty() && addresses.isEmpty()) {
            throw new TraversionException("Between " + bounds.from() + " and " + bounds.to() + " there was no "
                    + (isPod ? target : "service " + target + " with an address")
                    + (namespace.isEmpty() ? "" : " in the namespace " + namespace) + ".");
        }
        return activity.flows(addresses, uids);
    }

    private static boolean isTrouble(NodeFlow flow) {
        return !Set.of("connected", "accepted", "unknown").contains(flow.kind()) || flow.retransmits() > 0;
    }

    private static void print(Terminal terminal, List<NodeFlow> flows) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of("TIME", "NODE", "POD", "KIND", "LOCAL", "REMOTE", "LASTED", "SENT", "RECEIVED", "RTT", "RETR"));
        for (NodeFlow flow : flows) {
            rows.add(List.of(
                    MomentText.full(Times.instant(flow.at())),
                    flow.node(),
                    flow.pod().map(ObjectKey::path).orElse("-"),
                    flow.kind(),
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
            boolean isTrouble = i > 0 && isTrouble(flows.get(i - 1));
            terminal.out().println(isTrouble ? terminal.removed(lines.get(i)) : lines.get(i));
        }
        terminal.note(flows.size() + " connections and segments.");
    }

    private static void write(JsonGenerator document, List<NodeFlow> flows) throws IOException {
        document.writeStartArray();
        for (NodeFlow flow : flows) {
            document.writeStartObject();
            document.writeStringField("time", Times.instant(flow.at()).toString());
            document.writeStringField("node", flow.node());
            if (flow.pod().isPresent()) {
                document.writeStringField("namespace", flow.pod().get().namespace());
                document.writeStringField("pod", flow.pod().get().name());
            }
            document.writeStringField("kind", flow.kind());
            document.writeStringField("local", flow.local());
            document.writeStringField("remote", flow.remote());
            document.writeNumberField("nanos", flow.nanos());
            document.writeNumberField("sentBytes", flow.sentBytes());
            document.writeNumberField("receivedBytes", flow.receivedBytes());
            document.writeNumberField("roundTripMicros", flow.roundTripMicros());
            document.writeNumberField("retransmits", flow.retransmits());
            document.writeNumberField("error", flow.error());
            document.writeEndObject();
        }
        document.writeEndArray();
    }
}
