/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The revisions of the types that other recorders watch: they are in the recording. Safe for concurrent use. */
final class OthersRevisions implements SeenRevisions.Others {

    private final List<ResourceType> types;
    private final RecordedSource recorded;
    private final SeenRevisions seen;

    /**
     * @param served all that is served
     * @param ours what is watched here
     */
    OthersRevisions(
            Map<ResourceType, ServedResource> served,
            Set<ResourceType> ours,
            RecordedSource recorded,
            SeenRevisions seen) {
        this.types = served.values().stream()
                .filter(resource -> resource.isInEtcd() && !ours.contains(resource.type()))
                .map(ServedResource::type)
                .toList();
        this.recorded = recorded;
        this.seen = seen;
    }

    @Override
    public synchronized void tell(long after) throws IOException {
        try (History now = recorded.open()) {
            if (now == null) {
                return;
            }
            for (ResourceType type : types) {
                long from = now.timeOf(type, Long.toString(after)).orElse(Long.MIN_VALUE);
                now.changes(type, "", from, now.end(), change -> {
                    if (ResourceVersions.isNumeric(change.resourceVersion())) {
                        seen.add(type, Long.parseLong(change.resourceVersion()));
                    }
                    return true;
                });
            }
        }
    }
}
