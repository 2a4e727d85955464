/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.util.List;

/** The recordings in a store: one per cluster. */
public final class Recordings {

    private Recordings() {}

    /**
     * The ids of the clusters recorded in a store, sorted.
     *
     * @throws TraversionException if there is none
     */
    public static List<String> clusters(Store store) throws IOException {
        List<String> clusters = Layout.clusters(store);
        if (clusters.isEmpty()) {
            throw new TraversionException(
                    "%s is not a recording: it has no clusters/<id>/recording.json. Give the directory or s3:// prefix that was recorded to."
                            .formatted(store.location()));
        }
        return clusters;
    }

    /**
     * The id of the only cluster in a store.
     *
     * @throws TraversionException if there is none, or several, which it names
     */
    public static String onlyCluster(Store store) throws IOException {
        List<String> clusters = clusters(store);
        if (clusters.size() > 1) {
            throw new TraversionException("%s holds recordings of %d clusters. Choose one of them: %s"
                    .formatted(store.location(), clusters.size(), String.join(", ", clusters)));
        }
        return clusters.getFirst();
    }

    /**
     * Makes sure that a cluster's recording is there and of a format that can be read.
     *
     * @throws TraversionException if not
     */
    static void check(Store store, String clusterId) throws IOException {
        if (!new Layout(clusterId).exists(store)) {
            throw new TraversionException("%s holds no recording of cluster %s. It has: %s"
                    .formatted(store.location(), clusterId, String.join(", ", clusters(store))));
        }
    }
}
