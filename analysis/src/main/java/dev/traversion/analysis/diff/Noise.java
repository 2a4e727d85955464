/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import dev.traversion.archive.ResourceType;
import java.util.Set;

/** What changes all the time, or only because something else did: counted, not shown. */
final class Noise {

    private static final Set<String> METADATA = Set.of(
            "metadata.managedFields",
            "metadata.resourceVersion",
            "metadata.generation",
            "metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]",
            "metadata.annotations[\"deployment.kubernetes.io/revision\"]",
            "metadata.annotations[\"endpoints.kubernetes.io/last-change-trigger-time\"]",
            "status.observedGeneration");

    private static final Set<String> HEARTBEATS = Set.of(
            "lastHeartbeatTime", "lastProbeTime", "lastUpdateTime", "lastTransitionTime", "renewTime", "lastTimestamp");

    private static final Set<ResourceType> TYPES = Set.of(
            new ResourceType("coordination.k8s.io", "leases"),
            new ResourceType("", "events"),
            new ResourceType("traversion.dev", "documents"));

    private Noise() {}

    static boolean isNoise(FieldPath path) {
        return METADATA.contains(path.toString()) || HEARTBEATS.contains(path.lastField());
    }

    /** Whether objects of a type are heartbeats and notices themselves. */
    static boolean isNoise(ResourceType type) {
        return TYPES.contains(type);
    }
}
