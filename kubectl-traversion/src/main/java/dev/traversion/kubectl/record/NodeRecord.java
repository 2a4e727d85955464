/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.record;

import dev.traversion.archive.TraversionException;
import dev.traversion.daemonset.AgentRun;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.terminal.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Records what happens on this machine, as the agent does on each node. */
public final class NodeRecord {

    private NodeRecord() {}

    /**
     * The id of the cluster that the node belongs to.
     *
     * @param given by the user; may be {@code ""}
     * @throws TraversionException if it is not given, and no cluster can be asked
     */
    public static String cluster(String given, Kubeconfigs files, String context, Map<String, String> environment)
            throws InterruptedException {
        if (!given.isEmpty()) {
            return given;
        }
        try (ClusterAccess cluster = ClusterAccess.of(files, context, environment)) {
            return cluster.id();
        } catch (TraversionException e) {
            throw new TraversionException(
                    e.getMessage() + " A node without Kubernetes is recorded with --cluster and any name.", e);
        }
    }

    /**
     * Records until that is over.
     *
     * @param location a directory or {@code s3://bucket/prefix}
     * @param node its name; this machine's if {@code ""}
     * @param spool for files on their way to a store
     * @param port of metrics and health; 0 for none
     */
    public static void run(
            String location,
            String cluster,
            String node,
            Path spool,
            int port,
            AgentRun.Asked asked,
            CountDownLatch stop,
            Terminal terminal)
            throws IOException, InterruptedException {
        String name = node.isEmpty() ? InetAddress.getLocalHost().getHostName() : node;
        AgentRun.run(
                new AgentRun.Settings(location, cluster, name, spool, port, asked),
                stop,
                note -> terminal.note("node " + name + ": " + note));
    }
}
