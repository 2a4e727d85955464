/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.server.KubectlArguments;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.server.MomentRequest;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion at TIME VERB ...}. */
@Command(
        name = "at",
        sortOptions = false,
        description = {
            "Run a reading kubectl command on a moment of the past.",
            "",
            "The moment, and whether everything asked for was observed then, is said on standard error; the rest is kubectl's"
                    + " own output and exit status. Options of this command come before TIME. Without -n, the namespace is the"
                    + " one of your current context (or of --context).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion at 10m get pods -A",
            "  kubectl traversion at 14:03:22 describe deploy/checkout -n shop",
            "  kubectl traversion at deploy/checkout~1 get deploy/checkout -o yaml",
            "  kubectl traversion at --from s3://recordings/prod 2026-01-31T14:03:22Z get events",
            "",
            "Verbs: " + ReadVerbs.TEXT + "."
        })
final class AtCommand extends Common implements Callable<Integer> {

    @Mixin
    private RecordingOption recording;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "Namespace of the command, and of the object in TIME.")
    private String namespace;

    @Parameters(index = "0", paramLabel = "TIME", description = "The moment. See: kubectl traversion --help")
    private String time;

    @Parameters(index = "1..*", paramLabel = "VERB", arity = "0..*", description = "kubectl's verb and arguments.")
    private List<String> rest = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> given = new ArrayList<>(rest);
        if (!given.isEmpty() && given.getFirst().equals("ago")) {
            given.removeFirst();
            time += " ago";
        }
        KubectlArguments arguments = new KubectlArguments(given);
        ReadVerbs.check(arguments, time);
        String context = arguments.value("", "--context");
        Kubeconfigs kubeconfigs = Kubeconfigs.of(arguments.value("", "--kubeconfig"), System.getenv());
        KubectlArguments forKubectl = arguments.without("--context").without("--kubeconfig");
        String own = arguments.value("-n", "--namespace");
        String objects = own.isEmpty() ? namespace : own;
        Terminal terminal = terminal();
        List<String> command = new ArrayList<>(forKubectl.all());
        if (own.isEmpty() && !namespace.isEmpty()) {
            command.add(1, "--namespace=" + namespace);
        }
        Optional<ClusterPast> past = inCluster(recording, kubeconfigs, context);
        if (past.isPresent()) {
            Instant instant = past.get().resolve(TimeParser.parse(time), recording.zone(), objects);
            note(instant, "from the cluster itself", terminal);
            return new KubectlRun(state())
                    .run(past.get().context(instant), past.get().cache(), command);
        }
        MomentAnswer answer = servers(terminal)
                .ask(
                        recording.location(state()),
                        new MomentRequest(
                                time,
                                recording.zone().getId(),
                                recording.cluster(),
                                objects,
                                context,
                                kubeconfigs.files().stream().map(Path::toString).toList(),
                                forKubectl.all()));
        note(answer.instant(), answer.completeness(), terminal);
        return new KubectlRun(state()).run(Moments.context(answer), KubectlRun.cache(state(), answer), command);
    }

    private static void note(Instant instant, String what, Terminal terminal) {
        Instant now = Instant.now();
        terminal.note(terminal.dim(
                "# " + MomentText.brief(instant, now) + " (" + MomentText.ago(instant, now) + "), " + what));
    }

    /** For the completion of kubectl's arguments, at which nothing is refused. */
    static TraversionException noKubectl() {
        return new TraversionException(
                "There is no kubectl on PATH. Install it, or name it with the variable KUBECTL.");
    }
}
