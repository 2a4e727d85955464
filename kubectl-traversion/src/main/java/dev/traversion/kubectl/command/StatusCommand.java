/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kubectl traversion status}. */
@Command(
        name = "status",
        sortOptions = false,
        description = {
            "Show how completely a cluster is being recorded: of each resource its last change, how far it is confirmed, how"
                    + " much was observed, and what is in the way. Trouble comes first.",
            "",
            "In a cluster whose server of the past answers, it is asked; else the recording itself is read, so this works from"
                    + " anywhere, also when the recorder is dead.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion status",
            "  kubectl traversion status --from s3://recordings/prod --since 24h",
            "  kubectl traversion status --check || page-someone",
            "",
            "Exit status: 0; with --check 1 if nobody is recording, or a resource is in a gap."
        })
final class StatusCommand extends Common implements Callable<Integer> {

    @Mixin
    private RecordingOption recording;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How far to go back for COVERED and GAPS, such as 10m. Without it: 1h.")
    private String since;

    @Option(names = "--check", description = "Fail if nobody is recording, or a resource is in a gap.")
    private boolean check;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Duration back = TimeParser.parseDuration(since);
        JsonNode status;
        try (AnalysedPast past = past(recording)) {
            status = past.status(back);
        }
        if (output.isText()) {
            new StatusText(terminal, status).print();
        } else {
            try (JsonGenerator document = output.open(terminal)) {
                new ObjectMapper().writeTree(document, status);
            }
            terminal.out().println();
        }
        return check && !StatusText.isWell(status) ? Plugin.FAILED : 0;
    }

    static List<String> aligned(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                line.append(row.get(column))
                        .repeat(' ', width + 3 - row.get(column).length());
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
