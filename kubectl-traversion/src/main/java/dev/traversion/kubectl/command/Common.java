/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.server.MomentServers;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.terminal.Logging;
import dev.traversion.kubectl.terminal.Program;
import dev.traversion.kubectl.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What most commands share. */
abstract class Common {

    @ParentCommand
    private Plugin plugin;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what is done to standard error; twice for more.")
    private boolean[] verbose = {};

    /** The terminal. Log lines begin to flow, if they are wanted. */
    Terminal terminal() {
        return plugin.terminal();
    }

    void configureLogging() {
        Logging.configure(verbose.length);
    }

    StateDirectory state() {
        return StateDirectory.of(System.getenv());
    }

    MomentServers servers(Terminal terminal) {
        return new MomentServers(state(), Program.build(), Program.command("serve"), terminal::note);
    }

    /**
     * The server in the cluster, if no recording is named. It comes before what was opened here once, which may be of another cluster.
     *
     * @param context {@code ""} for the current one
     */
    Optional<ClusterPast> inCluster(RecordingOption recording, Kubeconfigs files, String context) throws IOException {
        return inCluster(recording.isNamed(), files, context);
    }

    /** As the other, of commands that name a recording otherwise. */
    Optional<ClusterPast> inCluster(boolean isRecordingNamed, Kubeconfigs files, String context) throws IOException {
        Optional<Path> kubectl = Program.kubectl(System.getenv());
        if (isRecordingNamed || kubectl.isEmpty()) {
            return Optional.empty();
        }
        boolean isElseKnown = new Memory(state()).recording().isPresent();
        return ClusterPast.find(kubectl.get(), files, context, state(), System.getenv(), isElseKnown);
    }

    /**
     * For what changes pins: the server in the cluster changes nothing.
     *
     * @throws TraversionException if there is only that
     */
    void requireOwn(RecordingOption recording) throws IOException {
        if (!recording.isNamed()
                && new Memory(state()).recording().isEmpty()
                && inCluster(recording, Kubeconfigs.of("", System.getenv()), "").isPresent()) {
            throw new TraversionException(
                    "What is kept of the cluster's own recording is said by Snapshots: apply one with"
                            + " spec.recording and spec.time (kubectl explain snapshots.traversion.dev.spec), or delete it. Of"
                            + " another recording, name it: --from s3://BUCKET/PREFIX.");
        }
    }

    /** Where diffs and timelines come from. */
    AnalysedPast past(RecordingOption recording) throws IOException {
        Optional<ClusterPast> server = inCluster(recording, Kubeconfigs.of("", System.getenv()), "");
        return server.isPresent()
                ? new AnalysedCluster(server.get())
                : new AnalysedRecording(new OpenRecording(recording.location(state()), recording.cluster()));
    }

    /** Where what happened on nodes comes from. */
    NodePast nodes(RecordingOption recording) throws IOException {
        Optional<ClusterPast> server = inCluster(recording, Kubeconfigs.of("", System.getenv()), "");
        return server.isPresent()
                ? new NodeCluster(server.get())
                : new NodeRecording(OpenRecording.ofNodes(recording.location(state()), recording.cluster()));
    }
}
