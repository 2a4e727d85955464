/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import dev.traversion.archive.ResourceType;
import java.util.HashMap;
import java.util.Map;

/** The built-in kinds that show more than a name and an age. */
final class Kinds {

    private final Map<ResourceType, Kind> kinds = new HashMap<>();

    /** @param minor minor version of the API server: 36 of 1.36 */
    Kinds(int minor) {
        PodCells.addTo(this, minor);
        WorkloadCells.addTo(this);
        HorizontalPodAutoscalerCells.addTo(this);
        NetworkCells.addTo(this, minor);
        NodeCells.addTo(this, minor);
        EventCells.addTo(this);
        StorageCells.addTo(this);
        ConfigurationCells.addTo(this);
        AccessCells.addTo(this);
        AdmissionCells.addTo(this);
        SchedulingCells.addTo(this);
        ServerCells.addTo(this, minor);
    }

    /** Adds a kind. */
    Kind add(String group, String resource) {
        Kind kind = new Kind();
        kinds.put(new ResourceType(group, resource), kind);
        return kind;
    }

    Kind get(ResourceType type) {
        Kind kind = kinds.get(type);
        return kind == null ? new Kind() : kind;
    }
}
