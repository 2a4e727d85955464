/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Why Pods do not start, as their own status says. */
final class PodTrouble {

    private static final int MOST = 5;
    private static final Set<String> HARMLESS = Set.of("ContainerCreating", "PodInitializing");

    private PodTrouble() {}

    /** A sentence for each different trouble, five at most. */
    static List<String> of(Collection<Pod> pods) {
        Set<String> sentences = new TreeSet<>();
        for (Pod pod : pods) {
            if (pod.getStatus() == null) {
                continue;
            }
            String name = pod.getMetadata().getName();
            for (PodCondition condition : pod.getStatus().getConditions()) {
                if ("PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus())) {
                    sentences.add("Pod " + name + " has no node: " + condition.getMessage() + "." + advice(condition));
                }
            }
            for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
                ContainerStateWaiting waiting = container.getState() == null
                        ? null
                        : container.getState().getWaiting();
                if (waiting != null && !HARMLESS.contains(waiting.getReason())) {
                    sentences.add("Pod " + name + " waits: " + waiting.getReason()
                            + (waiting.getMessage() == null ? "" : ", " + waiting.getMessage()) + ".");
                }
            }
        }
        return sentences.stream().limit(MOST).toList();
    }

    private static String advice(PodCondition condition) {
        return condition.getMessage() != null
                        && condition.getMessage().contains("unbound immediate PersistentVolumeClaims")
                ? " Its volume waits for a StorageClass: make one the default, or name one with storageClass (kubectl get"
                        + " storageclasses)."
                : "";
    }
}
