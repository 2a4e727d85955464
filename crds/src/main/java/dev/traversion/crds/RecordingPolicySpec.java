/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;

/** What a team wants of the Recordings in its namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.masking) || self.logs", message = "a policy must have masking or logs")
public record RecordingPolicySpec(
        @JsonPropertyDescription("The Recording it is for. Without it: every one.")
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$')",
                message = "recording must be the name of a Recording; leave it out for every one")
        String recording,

        @JsonPropertyDescription("What is secret in this namespace beside what the Recording says.")
        PolicyMasking masking,

        @JsonPropertyDescription(
                "Whether the logs of this namespace's Pods are recorded too. It counts in Recordings that have spec.logs.")
        @Default("false")
        Boolean logs) {}
