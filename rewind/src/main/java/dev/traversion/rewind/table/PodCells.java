/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** Pods and pod templates. */
final class PodCells {

    private static final List<RowCondition> SUCCEEDED =
            List.of(new RowCondition("Completed", "True", "Succeeded", "The pod has completed successfully."));
    private static final List<RowCondition> FAILED =
            List.of(new RowCondition("Completed", "True", "Failed", "The pod failed."));
    private static final Field PHASE = Field.of("status.phase");

    private PodCells() {}

    static void addTo(Kinds kinds, int minor) {
        boolean errorsOutlastCompletion = minor >= 35;
        kinds.add("", "pods")
                .cell("Ready", (JsonNode pod) -> {
                    PodSummary summary = PodSummary.of(pod, errorsOutlastCompletion);
                    return summary.ready() + "/" + summary.containers();
                })
                .cell("Status", (JsonNode pod) -> PodSummary.of(pod, errorsOutlastCompletion)
                        .status())
                .cell("Restarts", (pod, now) -> restarts(PodSummary.of(pod, errorsOutlastCompletion), now))
                .cell("IP", PodCells::ip)
                .nonEmpty("Node", "spec.nodeName", Selectors.NONE)
                .nonEmpty("Nominated Node", "status.nominatedNodeName", Selectors.NONE)
                .cell("Readiness Gates", PodCells::readinessGates)
                .conditions(PodCells::conditions)
                .shows(
                        "metadata.name",
                        "metadata.creationTimestamp",
                        "metadata.deletionTimestamp",
                        "spec.nodeName",
                        "spec.readinessGates",
                        "spec.containers.name",
                        "spec.initContainers.name",
                        "spec.initContainers.restartPolicy",
                        "status.phase",
                        "status.reason",
                        "status.conditions.type",
                        "status.conditions.status",
                        "status.conditions.reason",
                        "status.podIP",
                        "status.podIPs",
                        "status.nominatedNodeName",
                        "status.initContainerStatuses.name",
                        "status.initContainerStatuses.state",
                        "status.initContainerStatuses.lastState",
                        "status.initContainerStatuses.ready",
                        "status.initContainerStatuses.started",
                        "status.initContainerStatuses.restartCount",
                        "status.containerStatuses.state",
                        "status.containerStatuses.lastState",
                        "status.containerStatuses.ready",
                        "status.containerStatuses.restartCount");
        kinds.add("", "podtemplates")
                .containers("template.spec.containers")
                .labels("Pod Labels", "template.metadata.labels");
    }

    private static String restarts(PodSummary summary, Instant now) {
        if (summary.restarts() == 0 || summary.lastRestart().isEmpty()) {
            return Long.toString(summary.restarts());
        }
        return summary.restarts() + " (" + Ages.since(summary.lastRestart().get(), now) + " ago)";
    }

    private static String ip(JsonNode pod) {
        JsonNode status = pod.path("status");
        String first = Field.text(status.path("podIPs").path(0), "ip");
        return Field.text(status, "podIP", first.isEmpty() ? Selectors.NONE : first);
    }

    private static String readinessGates(JsonNode pod) {
        JsonNode gates = pod.path("spec").path("readinessGates");
        if (gates.isEmpty()) {
            return Selectors.NONE;
        }
        int open = 0;
        for (JsonNode gate : gates) {
            if (Conditions.isTrue(
                    pod.path("status").path("conditions"),
                    gate.path("conditionType").asText())) {
                open++;
            }
        }
        return open + "/" + gates.size();
    }

    private static List<RowCondition> conditions(JsonNode pod) {
        return switch (PHASE.text(pod)) {
            case "Succeeded" -> SUCCEEDED;
            case "Failed" -> FAILED;
            default -> List.of();
        };
    }
}
