/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.analysis.timeline.TimelineEntry;
import dev.traversion.archive.Times;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
            "  kubectl traversion timeline deploy/checkout -n shop",
            "  kubectl traversion timeline -n shop --since 10m",
            "  kubectl traversion timeline pods --until 14:10 --since 5m -o json"
        })
final class TimelineCommand extends Common implements Callable<Integer> {

    private static final int FIELDS_SHOWN = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecordingOption recording;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "Only this namespace. Without it: all, and what is in none.")
    private String namespace;

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
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Only the latest N. Without it: 1000.")
    private int limit;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            defaultValue = "text",
            description = "Form of the output: text (default), json or yaml.")
    private DiffCommand.Output output;

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
        Terminal terminal = terminal();
        Duration back = TimeParser.parseDuration(since);
        try (OpenRecording opened = new OpenRecording(recording.location(state()), recording.cluster())) {
            Instant to = opened.resolve(
                    TimeParser.parse(until), recording.zone(), namespace.isEmpty() ? "default" : namespace);
            Instant start = Times.instant(opened.history().start());
            Instant from = to.minus(back).isBefore(start) ? start : to.minus(back);
            Scope scope = Targets.scope(opened, target, namespace, to);
            terminal.note(terminal.dim("# " + MomentText.full(from) + " .. " + MomentText.full(to)));
            Timeline timeline = Timeline.of(opened.history(), scope, Times.nanos(from), Times.nanos(to), limit);
            if (output == DiffCommand.Output.TEXT) {
                Instant now = Instant.now();
                timeline.entries().forEach(entry -> print(terminal, entry, now));
            } else {
                ObjectMapper mapper = output == DiffCommand.Output.YAML ? new YAMLMapper() : new ObjectMapper();
                terminal.out()
                        .println(
                                mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document(timeline, mapper)));
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

    private static void print(Terminal terminal, TimelineEntry entry, Instant now) {
        String what =
                switch (entry.what()) {
                    case CREATED -> terminal.added("created  ");
                    case DELETED -> terminal.removed("deleted  ");
                    case CHANGED -> "changed  ";
                    case CONDITION -> "condition";
                    case EVENT -> entry.text().startsWith("Warning") ? terminal.removed("event    ") : "event    ";
                    case GAP -> terminal.removed("gap      ");
                };
        String text =
                entry.text().isEmpty() ? fields(entry.fields()) : entry.text().replace("\n", " ");
        terminal.out()
                .println(terminal.dim(time(entry, now)) + "  " + what + "  " + terminal.bold(Targets.text(entry.key()))
                        + (text.isEmpty() ? "" : "  " + text)
                        + (entry.who().isEmpty() ? "" : "  " + terminal.dim("(" + entry.who() + ")")));
    }

    private static String time(TimelineEntry entry, Instant now) {
        return MomentText.brief(Instant.ofEpochMilli(entry.at() / 1_000_000), now);
    }

    private static String fields(List<FieldChange> fields) {
        String shown = fields.stream()
                .limit(FIELDS_SHOWN)
                .map(field -> field.path() + DiffText.brief(field))
                .collect(Collectors.joining(", "));
        return shown + (fields.size() > FIELDS_SHOWN ? ", and " + (fields.size() - FIELDS_SHOWN) + " more" : "");
    }

    private static ObjectNode document(Timeline timeline, ObjectMapper mapper) {
        ObjectNode document = mapper.createObjectNode();
        ArrayNode entries = document.putArray("entries");
        for (TimelineEntry entry : timeline.entries()) {
            ObjectNode node = entries.addObject();
            node.put("at", Times.instant(entry.at()).toString());
            node.put("what", entry.what().name().toLowerCase(Locale.ROOT));
            node.put("group", entry.key().type().group());
            node.put("resource", entry.key().type().resource());
            node.put("namespace", entry.key().namespace());
            node.put("name", entry.key().name());
            node.put("text", entry.text());
            node.put("who", entry.who());
            entry.fields()
                    .forEach(field ->
                            DiffDocument.write(field, node.withArray("fields").addObject()));
        }
        document.put("omitted", timeline.omitted());
        return document;
    }
}
