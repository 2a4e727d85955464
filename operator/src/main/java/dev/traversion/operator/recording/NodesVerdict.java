/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.RecordingSpec;
import dev.traversion.operator.status.Conditions;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the nodes are recorded as it is asked for.
 *
 * @param status of the condition
 * @param reason one word in CamelCase
 * @param message what to do, if there is anything to do
 */
record NodesVerdict(String status, String reason, String message) {

    /** @param spec whose nodes are set */
    static NodesVerdict of(RecordingSpec spec, Observation.Nodes seen) {
        if (Boolean.TRUE.equals(spec.paused())) {
            return new NodesVerdict(Conditions.FALSE, Conditions.PAUSED, "spec.paused is true.");
        }
        int wanted = seen.agents().wanted();
        if (wanted == 0) {
            return new NodesVerdict(
                    Conditions.UNKNOWN, "NoNode", "No node is to be recorded yet: see spec.nodes.nodeSelector.");
        }
        if (seen.made() == 0) {
            return new NodesVerdict(
                    Conditions.FALSE,
                    "NoAgent",
                    "No Pod was made for " + wanted
                            + " nodes; kubectl describe daemonset says why. If it is the Pod security"
                            + " standard of the operator's namespace: agents have host paths and capabilities, so it must be"
                            + " privileged (kubectl label namespace NAMESPACE --overwrite"
                            + " pod-security.kubernetes.io/enforce=privileged).");
        }
        if (!seen.agents().isComplete()) {
            List<String> sentences = new ArrayList<>(List.of(seen.agents() + " nodes are recorded."));
            sentences.addAll(seen.trouble().isEmpty() ? List.of("The Pods are starting.") : seen.trouble());
            return new NodesVerdict(Conditions.FALSE, "AgentsNotReady", String.join(" ", sentences));
        }
        if (!seen.problems().isEmpty()) {
            return new NodesVerdict(Conditions.FALSE, "EventsMissing", String.join(" ", seen.problems()));
        }
        boolean hasOwnKeys =
                spec.nodes().credentialsSecret() != null || spec.store().s3().credentialsSecret() == null;
        return new NodesVerdict(
                Conditions.TRUE,
                "NodesRecorded",
                seen.agents() + " nodes are recorded."
                        + (hasOwnKeys
                                ? ""
                                : " Each node holds the keys of the recorder: spec.nodes.credentialsSecret can name some that may do less."));
    }
}
