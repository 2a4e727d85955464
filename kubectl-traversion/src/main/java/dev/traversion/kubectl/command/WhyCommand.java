/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.analysis.Scope;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion why [TARGET]}. */
@Command(
        name = "why",
        sortOptions = false,
        description = {
            "Show what caused that something is wrong, step by step, with its proof.",
            "",
            "Tier A is proved on the states before and after the change, B matches what was observed, C is near in time only."
                    + " Without TARGET: what was wrong, the worst first.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion why deploy/checkout -n shop",
            "  kubectl traversion why svc/checkout -n shop --at 14:10 --since 30m",
            "  kubectl traversion why -n shop",
            "  kubectl traversion why node/worker-1 -o json"
        })
final class WhyCommand extends Common implements Callable<Integer> {

    /** Forms of the output. */
    enum Form {
        TEXT,
        WIDE,
        JSON,
        YAML
    }

    @Mixin
    private RecordingOption recording;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "The namespace. Without it: the one that TARGET is in, if it is one only.")
    private String namespace;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            defaultValue = "now",
            description = "The moment asked about. Without it: now, which is the end of the recording.")
    private String at;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How far to look back, such as 10m. Without it: 1h.")
    private String since;

    @Option(names = "--all", description = "Show all that may have caused it, and what was ruled out.")
    private boolean all;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|wide|json|yaml",
            defaultValue = "text",
            description = "Form of the output: text (default), wide with evidence and commands, json or yaml.")
    private Form output;

    @Parameters(
            arity = "0..2",
            paramLabel = "TARGET",
            description =
                    "An object, such as deploy/checkout, or \"deploy checkout\". A type alone, or nothing: what was wrong.")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Duration back = TimeParser.parseDuration(since);
        try (AnalysedPast past = past(recording)) {
            Instant to = past.resolve(TimeParser.parse(at), recording.zone(), namespace);
            Instant start = past.start();
            Instant from = to.minus(back).isBefore(start) ? start : to.minus(back);
            Scope scope = past.scope(target(), namespace, to);
            terminal.note(terminal.dim("# " + MomentText.full(from) + " .. " + MomentText.full(to)));
            JsonNode answer = past.why(from, to, scope);
            if (output == Form.JSON || output == Form.YAML) {
                Documents.Form form = Documents.Form.valueOf(output.name().toUpperCase(Locale.ROOT));
                try (JsonGenerator document = Documents.open(terminal.out(), form)) {
                    new ObjectMapper().writeTree(document, answer);
                }
                terminal.out().println();
            } else if (answer.has("incidents")) {
                text(terminal).incidents(answer);
            } else {
                text(terminal).verdict(answer);
            }
            return 0;
        }
    }

    private WhyText text(Terminal terminal) {
        int columns = Terminal.isOutput() ? terminal.columns() : Integer.MAX_VALUE;
        return new WhyText(terminal, columns, output == Form.WIDE, all);
    }

    /** As kubectl takes it: TYPE/NAME, or both apart. */
    private String target() {
        if (words.size() < 2) {
            return words.isEmpty() ? "" : words.getFirst();
        }
        if (words.stream().anyMatch(word -> word.contains("/"))) {
            throw new TraversionException(
                    "why asks about one object: " + words.getFirst() + " or " + words.getLast() + "?");
        }
        return String.join("/", words);
    }
}
