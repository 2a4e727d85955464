/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** What is secret in a namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordingPolicySpec(
        @JsonPropertyDescription("The Recording it is for. Without it: every one.")
        String recording,

        @JsonPropertyDescription("What is secret in this namespace beside what the Recording says.") @Required
        PolicyMasking masking) {}
