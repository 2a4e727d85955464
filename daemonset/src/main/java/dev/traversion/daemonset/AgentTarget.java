/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.archive.Layout;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an agent's rows go: straight into a recording that is a directory of this machine, else by way of a spool into the store.
 *
 * @param landing where files are written: the folder of all nodes
 * @param isSpool whether they must be uploaded
 */
public record AgentTarget(Store store, Layout layout, Path landing, boolean isSpool) implements AutoCloseable {

    /**
     * Opens it. A recording in a directory is created if there is none; in a store an agent may have the right to put landed files only,
     * so there it is up to whoever records the cluster.
     *
     * @param to a directory or {@code s3://bucket/prefix}
     * @param cluster its id; {@code ""} for a node that is recorded by itself
     * @param spool for files on their way to a store
     */
    public static AgentTarget open(String to, String cluster, String node, Path spool) throws IOException {
        Layout layout = new Layout(cluster.isEmpty() ? "node-" + node : cluster);
        Store store = Stores.open(to);
        try {
            Optional<Path> here = store.local(layout.landing());
            if (here.isPresent() || cluster.isEmpty()) {
                layout.create(store);
            }
            return new AgentTarget(store, layout, here.map(Path::toAbsolutePath).orElse(spool), here.isEmpty());
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
