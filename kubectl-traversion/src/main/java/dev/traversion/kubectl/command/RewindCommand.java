/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.KubeconfigFile;
import dev.traversion.kubectl.kubeconfig.KubeconfigText;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.kubeconfig.MomentContext;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.server.MomentRequest;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.state.PrivateFile;
import dev.traversion.kubectl.state.VisitedMoment;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl traversion rewind TIME}. */
@Command(
        name = "rewind",
        sortOptions = false,
        description = {
            "Let kubectl, and every other client, work on a moment of the past.",
            "",
            "Without --from it asks the server of the past that runs in the cluster, if there is one, with your own rights there.",
            "",
            "Adds a read-only context such as prod@14:03:22Z to your kubeconfig and makes it the current one. Only entries of"
                    + " its own are added and removed; the rest of the file stays byte for byte. rewind --live removes them and"
                    + " brings back the context you came from. The moment is served in the background as long as it is used"
                    + " (30 minutes without a request end it).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion rewind 10m                 Ten minutes ago; then: kubectl get pods",
            "  kubectl traversion rewind deploy/checkout~1   Before its last change",
            "  kubectl traversion rewind -                   The moment before that",
            "  kubectl traversion rewind --live              Back to the live cluster",
            "  KUBECONFIG=past.yaml k9s                      ... after: rewind 10m --kubeconfig-out past.yaml"
        })
final class RewindCommand extends Common implements Callable<Integer> {

    private static final String PREVIOUS = "-";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "TIME",
            defaultValue = "",
            description = "The moment, or - for the one before. See: kubectl traversion --help")
    private String time;

    @Mixin
    private RecordingOption recording;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "Namespace of the object in TIME. Without it: that of the current context.")
    private String namespace;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            defaultValue = "",
            description = "The kubeconfig to change. Without it: KUBECONFIG, else ~/.kube/config.")
    private String kubeconfig;

    @ArgGroup
    private Elsewhere elsewhere = new Elsewhere();

    private static final class Elsewhere {
        @Option(
                names = "--kubeconfig-out",
                paramLabel = "FILE",
                description = "Write a kubeconfig of its own there, and leave yours alone.")
        private Path file;

        @Option(names = "--print", description = "Print a kubeconfig of its own, and leave yours alone.")
        private boolean print;

        @Option(names = "--live", description = "Go back to the live context.")
        private boolean live;

        @Option(names = "--stop", description = "Go back to the live context, and end what serves in the background.")
        private boolean stop;
    }

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Kubeconfigs files = Kubeconfigs.of(kubeconfig, System.getenv());
        if (elsewhere.live || elsewhere.stop) {
            if (!time.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--live and --stop go without TIME");
            }
            backToLive(files, terminal);
            ClusterPast.leave(state());
            if (elsewhere.stop) {
                int count = servers(terminal).stopAll();
                terminal.note(
                        count == 0 ? "Nothing was serving in the background." : "Ended what served in the background.");
            }
            return 0;
        }
        if (time.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "Missing TIME, such as 10m or 14:03:22 (or --live to go back)");
        }
        Memory memory = new Memory(state());
        Optional<ClusterPast> past = time.equals(PREVIOUS) ? Optional.empty() : inCluster(recording, files, "");
        if (past.isPresent()) {
            Instant instant = past.get().resolve(TimeParser.parse(time), recording.zone(), namespace);
            Instant now = Instant.now();
            terminal.note("# " + MomentText.brief(instant, now) + " (" + MomentText.ago(instant, now)
                    + "), from the cluster itself");
            deliver(past.get().context(instant), files, terminal);
            return 0;
        }
        VisitedMoment previous = time.equals(PREVIOUS) ? previous(memory) : null;
        String location = previous != null ? previous.location() : recording.location(state());
        MomentAnswer moment = servers(terminal)
                .ask(
                        location,
                        new MomentRequest(
                                previous != null ? previous.instant().toString() : time,
                                recording.zone().getId(),
                                previous != null ? previous.cluster() : recording.cluster(),
                                namespace,
                                "",
                                files.files().stream().map(Path::toString).toList(),
                                List.of()));
        Instant now = Instant.now();
        terminal.note("# " + MomentText.brief(moment.instant(), now) + " (" + MomentText.ago(moment.instant(), now)
                + "), " + moment.completeness());
        deliver(Moments.context(moment), files, terminal);
        memory.visit(new VisitedMoment(location, moment.cluster(), moment.instant()));
        return 0;
    }

    private static VisitedMoment previous(Memory memory) {
        return memory.previous()
                .orElseThrow(() -> new TraversionException(
                        "There is no moment before this one yet. Go to one: kubectl traversion rewind 10m"));
    }

    private void deliver(MomentContext context, Kubeconfigs files, Terminal terminal) throws IOException {
        String ready = "Context " + context.name() + " (read-only) ready. Try: ";
        if (elsewhere.print) {
            terminal.out().print(context.kubeconfig());
        } else if (elsewhere.file != null) {
            PrivateFile.write(elsewhere.file, context.kubeconfig());
            terminal.out().println(ready + "kubectl --kubeconfig " + elsewhere.file + " get pods");
            terminal.note("For a whole shell: export KUBECONFIG=" + elsewhere.file.toAbsolutePath());
        } else {
            KubeconfigFile file = files.deciding();
            Optional<String> before = file.read().currentContext();
            file.edit(text -> text.withMoment(context));
            terminal.out().println(ready + "kubectl --context " + context.name() + " get pods");
            terminal.note("It is the current context in " + file.path()
                    + before.map(name -> " (was " + name + ")").orElse("")
                    + ". Back to live: kubectl traversion rewind --live");
        }
    }

    private static void backToLive(Kubeconfigs files, Terminal terminal) {
        boolean changed = false;
        for (Path path : files.files()) {
            KubeconfigFile file = new KubeconfigFile(path);
            if (!file.read().moments().isEmpty()) {
                KubeconfigText live = file.edit(KubeconfigText::withoutMoments);
                changed = true;
                terminal.out()
                        .println(live.currentContext()
                                .map(name -> "Back to the live context " + name + ".")
                                .orElse("Back to live; no context is current, as before."));
            }
        }
        if (!changed) {
            terminal.note(files.currentContext()
                    .map(name -> "Nothing to undo: " + name + " is live.")
                    .orElse("Nothing to undo: no moment is in " + files.files().getFirst() + "."));
        }
    }
}
