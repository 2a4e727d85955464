/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.rewind.discovery.Discovery;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.table.TablePrinter;
import java.io.IOException;
import java.util.Optional;

/**
 * A cluster at a moment.
 *
 * @param time the instant it stands for, ns
 * @param moving whether it was asked for as {@code now}, so that watches follow the recording
 */
public record View(ServedCluster cluster, long time, boolean moving) {

    public History history() {
        return cluster.history();
    }

    public Discovery discovery() throws IOException {
        return cluster.discovery().at(time);
    }

    /** How the API server of that time printed a resource. */
    public TablePrinter tablePrinter(ServedResource resource, Optional<JsonNode> definition) throws IOException {
        return cluster.tablePrinters(time).forType(resource.type(), resource.version(), definition);
    }

    /** The same cluster at another instant. */
    public View at(long instant) {
        return new View(cluster, instant, moving);
    }

    /**
     * The instant whose state of a type can no longer change. At the moving end of a recording another thread of the recorder may
     * still be about to add a change that was observed a little before the newest one; within one type they come in order.
     */
    public long settled(ResourceType type) {
        if (!moving) {
            return time;
        }
        String newest = history().resourceVersion(type, time);
        if (newest.isEmpty()) {
            return time;
        }
        long low = history().start();
        long high = time;
        while (low < high) {
            long middle = low + (high - low) / 2;
            String then = history().resourceVersion(type, middle);
            if (then.isEmpty() || isBefore(then, newest)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static boolean isBefore(String version, String other) {
        return ResourceVersions.isNumeric(version)
                ? ResourceVersions.compare(version, other) < 0
                : !version.equals(other);
    }
}
