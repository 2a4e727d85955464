/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.query.QueryDatabase;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion query SQL}. */
@Command(
        name = "query",
        sortOptions = false,
        description = {
            "Ask a recording in SQL: DuckDB, in this process, over its tables. It can only read.",
            "",
            "Tables: versions, coverage, process_events, flows, usage, gaps, clock, cgroups, block_io, dns, arguments, and pods (pod_uid, namespace, name)"
                    + " to give rows names; objects(TIME) is every object as it was then. Times are UTC. @{TIME} in the query is a"
                    + " moment, written as everywhere: @{10m}, @{14:03}, @{deploy/checkout~1}.",
            "",
            "Versions are there once their part is sealed, a few minutes after they were recorded. From the server in the cluster the"
                    + " files come to this machine first, for which you have to be allowed to read everything, Secrets included.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion query \"SELECT resource, count(*) FROM versions GROUP BY ALL ORDER BY 2 DESC\"",
            "  kubectl traversion query \"SELECT name, time, exit_code FROM process_events JOIN pods USING (pod_uid)",
            "      WHERE kind = 'exit' AND exit_code > 0 AND time > @{1h}\"",
            "  kubectl traversion query \"SELECT namespace, count(*) FROM objects(@{14:03}) WHERE kind = 'Pod' GROUP BY 1\""
        })
final class QueryCommand extends Common implements Callable<Integer> {

    private static final Pattern MOMENT = Pattern.compile("@\\{([^}]*)}");
    private static final int WIDEST = 80;

    @Mixin
    private RecordingOption recording;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "The namespace of an object that a moment names.")
    private String namespace;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "SQL", description = "One SELECT.")
    private String sql;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Path work = Files.createTempDirectory("traversion-query-");
        try (OpenRecording opened = open(terminal);
                QueryDatabase database = new QueryDatabase(opened, work)) {
            String query = withMoments(opened);
            for (String table : database.empty()) {
                if (Pattern.compile("\\b" + table + "\\b").matcher(query).find()) {
                    terminal.note("# " + table + ": nothing recorded.");
                }
            }
            if (output.isText()) {
                print(terminal, database, query);
            } else {
                try (JsonGenerator document = output.open(terminal)) {
                    document.writeStartArray();
                    database.query(query, new DocumentRows(document));
                    document.writeEndArray();
                }
                terminal.out().println();
            }
            return 0;
        } finally {
            delete(work);
        }
    }

    /** Where the files come from: DuckDB reads nothing else. The server in the cluster hands them to those who may read everything. */
    private OpenRecording open(Terminal terminal) throws IOException {
        Optional<ClusterPast> server = inCluster(recording, Kubeconfigs.of("", System.getenv()), "");
        if (server.isPresent()) {
            terminal.note(terminal.dim("# from the cluster itself"));
            return OpenRecording.of(server.get().files());
        }
        String location = recording.location(state());
        if (!recording.isNamed()) {
            terminal.note(terminal.dim("# " + location));
        }
        return OpenRecording.ofNodes(location, recording.cluster());
    }

    private String withMoments(OpenRecording opened) {
        return MOMENT.matcher(sql).replaceAll(match -> {
            Instant moment = opened.resolve(TimeParser.parse(match.group(1)), recording.zone(), namespace);
            String text = moment.toString();
            return Matcher.quoteReplacement(
                    "TIMESTAMP_NS '" + text.substring(0, text.length() - 1).replace('T', ' ') + "'");
        });
    }

    private static void print(Terminal terminal, QueryDatabase database, String query) throws IOException {
        List<List<String>> lines = new ArrayList<>();
        database.query(query, new QueryDatabase.Rows() {
            @Override
            public void columns(List<String> names) {
                lines.add(names);
            }

            @Override
            public void row(List<Object> values) {
                lines.add(values.stream().map(QueryCommand::cell).toList());
            }
        });
        StatusCommand.aligned(lines).forEach(terminal.out()::println);
        terminal.note(lines.size() - 1 + (lines.size() == 2 ? " row." : " rows."));
    }

    private static String cell(Object value) {
        String text = value == null ? "-" : value.toString().replace("\n", " ");
        return text.length() > WIDEST ? text.substring(0, WIDEST - 3) + "..." : text;
    }

    private record DocumentRows(JsonGenerator document, List<String> names) implements QueryDatabase.Rows {

        DocumentRows(JsonGenerator document) {
            this(document, new ArrayList<>());
        }

        @Override
        public void columns(List<String> columns) {
            names.addAll(columns);
        }

        @Override
        public void row(List<Object> values) throws IOException {
            document.writeStartObject();
            for (int i = 0; i < values.size(); i++) {
                document.writePOJOField(names.get(i), values.get(i));
            }
            document.writeEndObject();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
