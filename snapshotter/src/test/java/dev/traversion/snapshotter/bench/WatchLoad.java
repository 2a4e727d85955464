/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.bench;

import dev.traversion.archive.Change;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The events of the watches of a made-up cluster, rendered beforehand: sending them should cost as little as can be. */
final class WatchLoad {

    private static final long SEED = 1;

    /**
     * An event of a watch, as a line.
     *
     * @param number its place among the changes of all resources
     */
    record Event(int number, byte[] line) {}

    /** What the watch of one resource delivers. */
    static final class Resource {
        private final List<Event> initial = new ArrayList<>();
        private final List<Event> changes = new ArrayList<>();
        private String lastVersion = "1";

        List<Event> initial() {
            return initial;
        }

        List<Event> changes() {
            return changes;
        }

        String lastVersion() {
            return lastVersion;
        }
    }

    private final Map<ResourceType, Resource> resources = new TreeMap<>();
    private final int objects;
    private final int changes;
    private long bytes;

    WatchLoad(int objects, int changes) {
        SyntheticCluster cluster = new SyntheticCluster(SEED, objects, 50_000_000);
        this.objects = cluster.initialChanges();
        this.changes = changes;
        for (int i = 0; i < this.objects; i++) {
            add(cluster.next(), i, true);
        }
        for (int i = 0; i < changes; i++) {
            add(cluster.next(), i, false);
        }
    }

    private void add(Change change, int number, boolean isInitial) {
        Resource resource = resources.computeIfAbsent(change.key().type(), type -> new Resource());
        ByteArrayOutputStream line = new ByteArrayOutputStream(change.body().length + 40);
        line.writeBytes(("{\"type\":\"" + change.operation() + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(change.body());
        line.writeBytes("}\n".getBytes(StandardCharsets.US_ASCII));
        (isInitial ? resource.initial : resource.changes).add(new Event(number, line.toByteArray()));
        resource.lastVersion = change.resourceVersion();
        bytes += change.body().length;
    }

    Map<ResourceType, Resource> resources() {
        return resources;
    }

    int objects() {
        return objects;
    }

    int changes() {
        return changes;
    }

    /** Of all bodies. */
    long bytes() {
        return bytes;
    }
}
