/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** Whether a policy is in force. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordingPolicyStatus(
        @JsonPropertyDescription("The generation that this status is of.")
        Long observedGeneration,

        @JsonPropertyDescription("The Recordings it is in force in.")
        List<String> recordings,

        @JsonPropertyDescription("Accepted.") List<Condition> conditions) {}
