/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import java.nio.file.Path;
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
