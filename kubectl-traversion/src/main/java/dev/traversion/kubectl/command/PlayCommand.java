/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.analysis.FirstMoment;
import dev.traversion.analysis.Scope;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.play.Film;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.server.MomentRequest;
import dev.traversion.kubectl.state.PrivateFile;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.rewind.play.UntilCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl traversion play A..B [TARGET]}. */
@Command(
        name = "play",
        sortOptions = false,
        description = {
            "Show what happened between two moments again, as it happened.",
            "",
            "Tells each change, Event and gap when its time comes. Any client can watch the same film: it gets a kubeconfig of"
                    + " its own, in which lists begin at A and watches deliver what comes. On a terminal Space pauses, L and J go"
                    + " faster and slower, Q ends.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion play 14:03..14:10 -n shop --speed 10",
            "  kubectl traversion play 1h.. deploy/checkout -n shop --speed 60 --until condition=Available=false",
            "  kubectl traversion play 10m.. pods --speed 100 -o json | jq .text",
            "",
            "Exit status: 0 it was shown, 1 failed, or --until never came true."
        })
final class PlayCommand extends Common implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecordingOption recording;

    @Mixin
    private NamespaceOption namespace;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "10",
            description = "Seconds to show in a second, from 0.01 to 10000. Without it: 10.")
    private String speed;

    @Option(
            names = "--until",
            paramLabel = "CONDITION",
            defaultValue = "",
            description =
                    "End where TARGET first meets a condition, written as for kubectl wait: condition=Ready=false,"
                            + " jsonpath='{.status.phase}'=Running, create or delete.")
    private String until;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "Form of the output: text, or JSON lines, which it is without -o if it goes to no terminal.")
    private Documents.Form output;

    @Parameters(index = "0", paramLabel = "A..B", description = "Two moments; B is now if it is missing.")
    private String range;

    @Parameters(
            index = "1",
            arity = "0..1",
            defaultValue = "",
            paramLabel = "TARGET",
            description =
                    "A resource, such as deployments, or an object, such as deploy/checkout. Without it: everything.")
    private String target;

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        if (!until.isEmpty() && target.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--until needs a TARGET, such as deploy/checkout");
        }
        if (output == Documents.Form.YAML) {
            throw new ParameterException(spec.commandLine(), "a film is told in text or json, not in yaml");
        }
        if (!until.isEmpty()) {
            // So that what is no condition is said at once.
            UntilCondition.parse(until);
        }
        Terminal terminal = terminal();
        try (AnalysedPast past = past(recording)) {
            Stretch stretch = Stretch.of(range, time -> past.resolve(time, recording.zone(), namespace.namespace()))
                    .requireLength();
            Instant from = stretch.from();
            Instant to = stretch.to();
            Scope scope = past.scope(target, namespace.namespace(), to);
            if (until.isEmpty()) {
                show(past, scope, from, to, terminal);
                terminal.note("The film ended at " + MomentText.full(to) + ".");
                return 0;
            }
            Optional<FirstMoment> met = past.first(from, to, scope, until);
            if (met.isEmpty()) {
                throw new TraversionException(until + " was never true of " + target + " from " + MomentText.full(from)
                        + " to " + MomentText.full(to) + ".");
            }
            Instant end = Times.instant(met.get().at());
            if (from.isBefore(end)) {
                show(past, scope, from, end, terminal);
            }
            terminal.note(until + " is true of " + Targets.text(met.get().key()) + " at " + MomentText.full(end)
                    + (from.isBefore(end) ? "" : " already") + ". Try: kubectl traversion at " + MomentText.full(end)
                    + " describe " + Targets.text(met.get().key()));
            return 0;
        }
    }

    private void show(AnalysedPast past, Scope scope, Instant from, Instant to, Terminal terminal)
            throws IOException, InterruptedException {
        Showing showing =
                switch (past) {
                    case AnalysedCluster server ->
                        Showing.inCluster(server.past(), scope, from, to, film(), namespace.namespace());
                    case AnalysedRecording here ->
                        Showing.here(here.opened(), scope, moment(from, terminal), to, film(), namespace.namespace());
                };
        Path kubeconfig =
                state().resolve("kubeconfigs", "play-" + ProcessHandle.current().pid() + ".yaml");
        Thread clean = new Thread(() -> kubeconfig.toFile().delete());
        Runtime.getRuntime().addShutdownHook(clean);
        try (Film film = new Film(showing.server())) {
            PrivateFile.write(kubeconfig, showing.context().kubeconfig());
            terminal.note(terminal.dim("# " + MomentText.full(from) + " .. " + MomentText.full(to) + " ("
                    + MomentText.duration(Duration.between(from, to)) + ") at speed " + speed
                    + ". To watch it with any client: kubectl --kubeconfig " + kubeconfig + " get pods -w"));
            boolean json = output == Documents.Form.JSON || (output == null && !Terminal.isOutput());
            new Screening(showing.happenings(), film, terminal, json).show(from, to);
        } finally {
            Files.deleteIfExists(kubeconfig);
        }
    }

    /** Its speed, and a name that no other film has. */
    private String film() {
        return speed + ";" + ProcessHandle.current().pid();
    }

    private MomentAnswer moment(Instant from, Terminal terminal) throws IOException, InterruptedException {
        return servers(terminal)
                .ask(
                        recording.location(state()),
                        new MomentRequest(
                                from.toString(),
                                recording.zone().getId(),
                                recording.cluster(),
                                namespace.namespace(),
                                "",
                                Kubeconfigs.of("", System.getenv()).files().stream()
                                        .map(Path::toString)
                                        .toList(),
                                List.of()));
    }
}
