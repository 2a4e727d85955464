/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.RecordingFiles;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.reads.ReadRecord;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion audit RECORDING}. */
@Command(
        name = "audit",
        sortOptions = false,
        description = {
            "Show who read what of which moment, through the server in the cluster: every read, and every one that was refused; and what"
                    + " was erased.",
            "",
            "Fails if the record is not what was written; see also: kubectl traversion verify.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion audit --since 24h --user jane",
            "  kubectl traversion audit s3://recordings/prod --resource secrets -o json | jq .user"
        })
final class AuditCommand extends Common implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            defaultValue = "",
            description =
                    "The recording. Without it: TRAVERSION_RECORDING, else that of the server of the past in the cluster, if there is"
                            + " one, else the one recorded or opened last.")
    private String location;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only reads after this: a duration (24h) or RFC 3339.")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only reads before this.")
    private String until;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Only this user's, also as somebody else.")
    private String user;

    @Option(
            names = "--resource",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Only of this resource, such as secrets or deployments.apps.")
    private String resource;

    /** The forms of output. */
    enum Form {
        TEXT,
        WIDE,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|wide|json",
            defaultValue = "text",
            description =
                    "Form of the output: text (default), wide (with where it came from), or json (an object a line).")
    private Form output;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Instant now = Instant.now();
        Optional<Instant> from = Optional.ofNullable(since).map(text -> time(text, now));
        Optional<Instant> to = Optional.ofNullable(until).map(text -> time(text, now));
        List<ReadRecord> found = new ArrayList<>();
        List<String> damages = new ArrayList<>();
        boolean isNamed = Locations.named(location, System.getenv()).isPresent();
        Optional<ClusterPast> server = inCluster(isNamed, Kubeconfigs.of("", System.getenv()), "");
        if (server.isPresent()) {
            server.get().reads(from, to, user, resource, found::add, damages::add);
        } else {
            read(from.orElse(Instant.MIN), to.orElse(Instant.MAX), found, damages);
        }
        found.sort(Comparator.comparing(record -> Instant.parse(record.time())));
        if (output == Form.JSON) {
            ObjectMapper json = new ObjectMapper();
            for (ReadRecord record : found) {
                terminal.out().println(json.writeValueAsString(record));
            }
        } else {
            table(found).forEach(terminal.out()::println);
        }
        damages.forEach(terminal::error);
        return damages.isEmpty() ? 0 : Plugin.FAILED;
    }

    private void read(Instant from, Instant to, List<ReadRecord> found, List<String> damages) throws IOException {
        RecordingOptions options = RecordingOptions.defaults();
        try (Store store = Stores.open(Locations.choose(location, System.getenv(), new Memory(state())))) {
            LocalCopies copies = new LocalCopies(store, options.cache(), options.cacheBytes());
            for (String cluster : Recordings.clusters(store)) {
                new RecordingFiles(store, cluster, copies)
                        .audit(
                                record -> {
                                    if (record.isOf(from, to, user, resource)) {
                                        found.add(record);
                                    }
                                },
                                damages::add);
            }
        }
    }

    private static Instant time(String text, Instant now) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return now.minus(TimeParser.parseDuration(text));
        }
    }

    private List<String> table(List<ReadRecord> records) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("TIME", "USER", "READ", "NAMESPACE", "MOMENT", "RESULT"));
        if (output == Form.WIDE) {
            head.addAll(List.of("GROUPS", "ADDRESS", "AGENT", "REQUEST"));
        }
        rows.add(head);
        for (ReadRecord record : records) {
            String who = record.user().equals(record.caller())
                    ? record.user()
                    : record.user() + " (" + record.caller() + ")";
            String moment = record.from().equals(record.to()) ? record.from() : record.from() + ".." + record.to();
            List<String> row = new ArrayList<>(List.of(
                    record.time(),
                    who,
                    what(record),
                    record.namespace().isEmpty() ? "-" : record.namespace(),
                    moment.isEmpty() ? "-" : moment,
                    record.verb().equals(RecordingFiles.ERASE) ? "erased" : record.allowed() ? "allowed" : "refused"));
            if (output == Form.WIDE) {
                row.addAll(
                        List.of(String.join(",", record.groups()), record.address(), record.agent(), record.request()));
            }
            rows.add(row.stream().map(AuditCommand::plain).toList());
        }
        return StatusCommand.aligned(rows);
    }

    private static String what(ReadRecord record) {
        if (record.verb().equals(RecordingFiles.ERASE)) {
            return "erase " + record.name();
        }
        if (record.resource().isEmpty()) {
            return record.verb() + " " + record.request().replaceFirst("^/clusters/[^/]+/at/[^/]+", "");
        }
        String resource =
                record.subresource().isEmpty() ? record.resource() : record.resource() + "/" + record.subresource();
        return record.verb() + " " + resource + (record.name().isEmpty() ? "" : " " + record.name());
    }

    /** What a client wrote does not reach the terminal's controls. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
