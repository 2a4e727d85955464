/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.daemonset.AgentRequest;
import dev.traversion.daemonset.AgentRun;
import dev.traversion.daemonset.EventClass;
import dev.traversion.daemonset.logs.LogRules;
import dev.traversion.daemonset.logs.LogRulesSource;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.rules.RecordingRules;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** How this machine is recorded instead of what the API says. */
final class NodeOptions {

    @Option(
            names = "--node",
            description =
                    "Record what happens on this machine instead: processes, kills, connections, usage. It needs root, or"
                            + " the capabilities BPF and PERFMON, and libbpf.")
    private boolean wanted;

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            defaultValue = "",
            description = "With --node: the node's name. Without it: the host's.")
    private String name;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            defaultValue = "",
            description =
                    "With --node: the cluster's id, which is the uid of its namespace kube-system, or any name for a machine"
                            + " without Kubernetes. Without it: the kubeconfig's cluster is asked.")
    private String cluster;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description =
                    "With --node and S3: for what is not uploaded yet. Without it: in the plugin's state directory.")
    private Path spool;

    @Option(
            names = "--events",
            paramLabel = "LIST",
            defaultValue = "",
            description =
                    "With --node: what is recorded of processes, kills, connections, disks (these four without it), dns (questions"
                            + " to servers of names) and arguments (of programs, masked); or none.")
    private String events;

    @Option(
            names = "--logs",
            paramLabel = "NAMESPACE|FILE",
            split = ",",
            arity = "0..1",
            fallbackValue = "*",
            description =
                    "With --node: record what containers log, too, masked; of these namespaces, or of all. Or as a file (a path"
                            + " with a /) says: {\"namespaces\": [\"shop\"], \"masking\": {...}}.")
    private List<String> logs = List.of();

    @Option(
            names = "--logs-folder",
            paramLabel = "DIR",
            defaultValue = AgentRun.Logs.USUAL_FOLDER,
            description = "With --logs: where the kubelet keeps them. Without it: ${DEFAULT-VALUE}.")
    private Path logsFolder;

    /** @throws TraversionException if there is no such kind of events */
    AgentRun.Asked asked(Supplier<MaskingKey> key) {
        AgentRequest request = AgentRequest.USUAL;
        if (!events.isEmpty()) {
            try {
                request = request.withEvents(EventClass.parse(events));
            } catch (IllegalArgumentException e) {
                throw new TraversionException("--events: " + e.getMessage() + ".", e);
            }
        }
        AgentRun.Logs recorded = logs(key);
        Supplier<Masking> masking = null;
        if (recorded != null) {
            masking = () -> recorded.rules().current().anywhere();
        } else if (EventClass.areMasked(request.events())) {
            Masking usual = Masking.of(RecordingRules.ALL, key.get());
            masking = () -> usual;
        }
        return new AgentRun.Asked(request, masking, recorded);
    }

    /** Whose logs are recorded; null for nobody's. */
    private AgentRun.Logs logs(Supplier<MaskingKey> key) {
        if (logs.isEmpty()) {
            return null;
        }
        if (logs.size() == 1 && logs.getFirst().contains("/")) {
            LogRulesSource file = LogRulesSource.file(Path.of(logs.getFirst()), key.get());
            // What cannot be followed is said now: later it would be a gap.
            file.current();
            return new AgentRun.Logs(file, logsFolder);
        }
        LogRules rules = LogRules.of(logs, key.get());
        return new AgentRun.Logs(() -> rules, logsFolder);
    }

    boolean isWanted() {
        return wanted;
    }

    String name() {
        return name;
    }

    String cluster() {
        return cluster;
    }

    Path spool(Path otherwise) {
        return (spool == null ? otherwise : spool).toAbsolutePath();
    }
}
