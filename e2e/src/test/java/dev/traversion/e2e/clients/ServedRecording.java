/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.clients;

import dev.traversion.archive.History;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.e2e.plugin.KeptRecording;
import dev.traversion.rewind.RewindOptions;
import dev.traversion.rewind.RewindServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The recording of the demo's incident, served for clients. */
record ServedRecording(Store store, History history, RewindServer server, Path kubeconfig) implements AutoCloseable {

    /** The namespace of the shop. */
    static final String NAMESPACE = "shop";

    /** Its kubeconfig shows the moment at which the rollout was broken. */
    static ServedRecording afterTheIncident(Path directory) throws Exception {
        KeptRecording kept = KeptRecording.unpack(directory);
        String cluster;
        try (Stream<Path> clusters = Files.list(kept.location().resolve("clusters"))) {
            cluster = clusters.findFirst().orElseThrow().getFileName().toString();
        }
        Store store = new FileStore(kept.location());
        History history = Recording.open(store, cluster, RecordingOptions.defaults());
        RewindServer server = RewindServer.start(List.of(history), RewindOptions.defaults());
        Path kubeconfig =
                Files.writeString(directory.resolve("kubeconfig"), server.kubeconfig(cluster, kept.after(), "past"));
        return new ServedRecording(store, history, server, kubeconfig);
    }

    @Override
    public void close() {
        server.close();
        history.close();
        store.close();
    }
}
