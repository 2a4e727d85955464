/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.node.NodeDocument;
import dev.traversion.analysis.node.NodeEvent;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Times;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion events [POD|NODE]}. */
@Command(
        name = "events",
        sortOptions = false,
        description = {
            "Show what processes did on the nodes: began, ended, were killed, could not connect; and what was not recorded.",
            "",
            "Pods and containers have the names that the API gave them at that time, however shortly they lived. It needs the node"
                    + " agent: kubectl traversion record --node, on each node.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion events checkout-7d9f -n shop --at 14:03",
            "  kubectl traversion events node/worker-1 --since 1h",
            "  kubectl traversion events -n shop --trouble -o json"
        })
final class EventsCommand extends Common implements Callable<Integer> {

    @Mixin
    private RecordingOption recording;

    @Mixin
    private Around around;

    @Mixin
    private NamespaceOption namespace;

    @Option(names = "--trouble", description = "Only kills, crashes, failed connections and losses.")
    private boolean trouble;

    @Option(names = "--all", description = "Also what was running when the agent began, and control groups.")
    private boolean all;

    @Mixin
    private OutputOption output;

    @Parameters(
            arity = "0..1",
            defaultValue = "",
            paramLabel = "POD|node/NODE",
            description = "A pod's name, or a node's. Without it: everything.")
    private String target;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        try (NodePast past = nodes(recording)) {
            Around.Bounds bounds = around.of(past, recording, namespace.namespace());
            NodePast.Told<NodeEvent> told = past.events(
                    new NodePast.Asked(bounds.from(), bounds.to(), namespace.namespace(), target, trouble), all);
            tell(terminal, bounds, told.rows());
            told.notes().forEach(note -> terminal.note("# " + note));
            return 0;
        }
    }

    private void tell(Terminal terminal, Around.Bounds bounds, List<NodeEvent> events) throws IOException {
        terminal.note(terminal.dim("# " + MomentText.full(bounds.from()) + " .. " + MomentText.full(bounds.to())));
        if (!output.isText()) {
            try (JsonGenerator document = output.open(terminal)) {
                Documents.write(document, events, NodeDocument::of);
            }
            terminal.out().println();
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("TIME", "NODE", "POD", "CONTAINER", "KIND", "WHAT"));
        events.forEach(event -> rows.add(List.of(
                MomentText.full(Times.instant(event.at())),
                event.node(),
                pod(event),
                event.container().isEmpty() ? "-" : event.container(),
                event.kind(),
                event.text())));
        List<String> lines = StatusCommand.aligned(rows);
        for (int i = 0; i < lines.size(); i++) {
            boolean isTrouble = i > 0 && events.get(i - 1).isTrouble();
            terminal.out().println(isTrouble ? terminal.removed(lines.get(i)) : lines.get(i));
        }
        terminal.note(events.size() + " events." + (events.isEmpty() ? around.hint() : ""));
    }

    private static String pod(NodeEvent event) {
        return event.pod().map(ObjectKey::path).orElse(event.podUid().isEmpty() ? "-" : "uid " + event.podUid());
    }
}
