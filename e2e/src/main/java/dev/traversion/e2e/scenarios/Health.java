/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Objects;

/** Whether all that runs in a namespace runs as it should. */
final class Health {

    private Health() {}

    /** What does not; {@code ""} if all does. */
    static String firstIll(KubernetesClient client, String namespace) {
        for (Deployment deployment :
                client.apps().deployments().inNamespace(namespace).list().getItems()) {
            int wanted = deployment.getSpec().getReplicas();
            boolean settled = Objects.equals(
                            deployment.getStatus().getObservedGeneration(),
                            deployment.getMetadata().getGeneration())
                    && count(deployment.getStatus().getUpdatedReplicas()) == wanted
                    && count(deployment.getStatus().getReplicas()) == wanted
                    && count(deployment.getStatus().getAvailableReplicas()) == wanted;
            if (!settled) {
                return "deployment " + deployment.getMetadata().getName() + ": " + deployment.getStatus();
            }
        }
        List<Pod> pods = client.pods().inNamespace(namespace).list().getItems();
        for (Pod pod : pods) {
            boolean ready = pod.getStatus().getConditions().stream()
                    .anyMatch(condition -> condition.getType().equals("Ready")
                            && condition.getStatus().equals("True"));
            boolean leaves = pod.getMetadata().getDeletionTimestamp() != null;
            boolean isDone = "Succeeded".equals(pod.getStatus().getPhase());
            if (!ready && !leaves && !isDone) {
                return "pod " + pod.getMetadata().getName() + ": " + pod.getStatus();
            }
        }
        return "";
    }

    private static int count(Integer replicas) {
        return replicas == null ? 0 : replicas;
    }
}
