/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.analysis.timeline.TimelineDocument;
import dev.traversion.analysis.timeline.TimelineEntry;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl traversion timeline [TARGET]}. */
@Command(
        name = "timeline",
        sortOptions = false,
        description = {
            "Show what happened, in order: changes with who made them, transitions of conditions, Events, and gaps.",
            "",
            "Leases and heartbeats are left out, unless they are asked for by name.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion timeline deploy/checkout -n shop --tree",
            "  kubectl traversion timeline -n shop --since 10m",
            "  kubectl traversion timeline pods --until 14:10 --since 5m -o json"
        })
final class TimelineCommand extends Common implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecordingOption recording;

    @Mixin
    private NamespaceOption namespace;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How far to go back, such as 10m. Without it: 1h.")
    private String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            defaultValue = "now",
            description = "Where to end. Without it: now, which is the end of the recording.")
    private String until;

    @Option(
            names = "--tree",
            description = "Tell of the owners and the children of TARGET, too: of a Deployment its pods.")
    private boolean tree;

    @Option(
            names = "--why",
            description = "Mark what caused that TARGET is wrong, step by step; without TARGET: what went wrong.")
    private boolean why;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Only the latest N. Without it: 1000.")
    private int limit;

    @Mixin
    private OutputOption output;

    @Parameters(
            arity = "0..1",
            defaultValue = "",
            paramLabel = "TARGET",
            description =
                    "A resource, such as deployments, or an object, such as deploy/checkout. Without it: everything.")
    private String target;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1");
        }
        if (tree && target.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--tree needs a TARGET, such as deploy/checkout");
        }
        if (why && !output.isText()) {
            throw new ParameterException(spec.commandLine(), "--why marks lines of text; for a document: why -o json");
        }
        Terminal terminal = terminal();
        Duration back = TimeParser.parseDuration(since);
        try (AnalysedPast past = past(recording)) {
            Instant to = past.resolve(TimeParser.parse(until), recording.zone(), namespace.namespace());
            Instant start = past.start();
            Instant from = to.minus(back).isBefore(start) ? start : to.minus(back);
            Scope scope = past.scope(target, namespace.namespace(), to);
            terminal.note(terminal.dim("# " + MomentText.full(from) + " .. " + MomentText.full(to)));
            Timeline timeline = past.timeline(from, to, scope, tree, limit, note -> terminal.note(terminal.dim(note)));
            if (output.isText()) {
                TimelineText text = new TimelineText(terminal);
                Deque<CauseMark> marks = new ArrayDeque<>(why ? CauseMark.of(past.why(from, to, scope)) : List.of());
                for (TimelineEntry entry : timeline.entries()) {
                    while (!marks.isEmpty() && marks.getFirst().at() < entry.at()) {
                        text.print(marks.removeFirst());
                    }
                    text.print(entry);
                }
                marks.forEach(text::print);
            } else {
                try (JsonGenerator document = output.open(terminal)) {
                    TimelineDocument.write(timeline, document);
                }
                terminal.out().println();
            }
            String omitted = timeline.omitted() == 0
                    ? ""
                    : "; " + timeline.omitted() + " earlier ones left out (--limit, or a shorter --since)";
            terminal.note((timeline.entries().isEmpty()
                            ? "Nothing happened"
                            : timeline.entries().size() + " entries") + omitted + ".");
            return 0;
        }
    }
}
