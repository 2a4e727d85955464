/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.status.TypeStatus;
import dev.traversion.archive.History;
import dev.traversion.archive.Recorders;
import dev.traversion.archive.Times;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
            "It reads the recording itself, so it works from anywhere, also when the recorder is dead.",
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

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            defaultValue = "text",
            description = "Form of the output: text (default), json or yaml.")
    private Documents.Form output;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Duration back = TimeParser.parseDuration(since);
        try (OpenRecording opened = new OpenRecording(recording.location(state()), recording.cluster())) {
            History history = opened.history();
            List<TypeStatus> types = TypeStatus.of(history, history.end() - back.toNanos());
            if (output == Documents.Form.TEXT) {
                print(terminal, history, opened.recorders(), types);
                NodesText.lines(opened.nodes(), history.end() - back.toNanos()).forEach(terminal.out()::println);
            } else {
                try (JsonGenerator document = Documents.open(terminal.out(), output)) {
                    write(document, history, opened, types, history.end() - back.toNanos());
                }
                terminal.out().println();
            }
            boolean isWell = history.live() && types.stream().noneMatch(type -> type.state() == TypeStatus.State.GAP);
            return check && !isWell ? Plugin.FAILED : 0;
        }
    }

    private static void print(Terminal terminal, History history, Recorders recorders, List<TypeStatus> types) {
        Instant now = Instant.now();
        Instant end = Times.instant(history.end());
        terminal.out()
                .println("Cluster %s: %s, from %s to %s (%s)"
                        .formatted(
                                terminal.bold(history.clusterId()),
                                history.live() ? "is being recorded" : terminal.bold("nobody is recording"),
                                MomentText.full(Times.instant(history.start())),
                                MomentText.full(end),
                                MomentText.ago(end, now)));
        if (!recorders.members().isEmpty()) {
            RecordersText.lines(recorders, now).forEach(terminal.out()::println);
        }
        terminal.out().println();
        // The lag of a recording that has ended would be that of its end.
        Instant reference = history.live() ? now : end;
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RESOURCE", "STATE", "LAST CHANGE", "LAG", "COVERED", "GAPS", "REASON"));
        for (TypeStatus type : types) {
            rows.add(List.of(
                    type.type().toString(),
                    word(type.state()),
                    type.lastChange().isEmpty() ? "-" : age(type.lastChange().getAsLong(), now),
                    type.confirmed() == Long.MIN_VALUE ? "-" : age(type.confirmed(), reference),
                    percent(type.covered()),
                    Integer.toString(type.gaps()),
                    type.reason()));
        }
        List<String> lines = aligned(rows);
        for (int i = 0; i < lines.size(); i++) {
            boolean isGap = i > 0 && types.get(i - 1).state() == TypeStatus.State.GAP;
            terminal.out().println(isGap ? terminal.removed(lines.get(i)) : lines.get(i));
        }
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

    private static void write(
            JsonGenerator document, History history, OpenRecording opened, List<TypeStatus> types, long since)
            throws IOException {
        Recorders recorders = opened.recorders();
        document.writeStartObject();
        document.writeStringField("cluster", history.clusterId());
        document.writeBooleanField("recording", history.live());
        document.writeStringField("start", Times.instant(history.start()).toString());
        document.writeStringField("end", Times.instant(history.end()).toString());
        RecordersText.write(document, recorders);
        document.writeArrayFieldStart("resources");
        for (TypeStatus type : types) {
            document.writeStartObject();
            document.writeStringField("group", type.type().group());
            document.writeStringField("resource", type.type().resource());
            document.writeStringField("state", word(type.state()));
            if (type.lastChange().isPresent()) {
                document.writeStringField(
                        "lastChange",
                        Times.instant(type.lastChange().getAsLong()).toString());
            }
            if (type.confirmed() != Long.MIN_VALUE) {
                document.writeStringField(
                        "confirmed", Times.instant(type.confirmed()).toString());
            }
            document.writeNumberField("covered", type.covered());
            document.writeNumberField("gaps", type.gaps());
            if (!type.reason().isEmpty()) {
                document.writeStringField("reason", type.reason());
            }
            document.writeEndObject();
        }
        document.writeEndArray();
        NodesText.write(document, opened.nodes(), since);
        document.writeEndObject();
    }

    private static String word(TypeStatus.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String age(long time, Instant now) {
        Duration age = Duration.between(Times.instant(time), now);
        return MomentText.duration(age.isNegative() ? Duration.ZERO : age);
    }

    /** Rounded down: 100 % is said only of what is. */
    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", Math.floor(share * 1000) / 10);
    }
}
