/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** What to record, where to, and for how long. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.store.volume) || self.recorder.replicas == 1",
        message =
                "recorder.replicas must be 1 with store.volume: several recorders share the work only in a bucket (store.s3)")
public record RecordingSpec(
        @JsonPropertyDescription("Where the recording is kept.") @Required
        StoreSpec store,

        @JsonPropertyDescription("Which resources are recorded. Without it: all.") @Default("{}")
        ResourceSelection resources,

        @JsonPropertyDescription(
                "In which namespaces objects are recorded. Without it: in all. What is in no namespace always is recorded.")
        NamespacesSpec namespaces,

        @JsonPropertyDescription("How much of the past is kept. Without it: everything.")
        Retention retention,

        @JsonPropertyDescription("What is secret beside what always is. The base rules always hold.") @Default("{}")
        MaskingSpec masking,

        @JsonPropertyDescription("The recorder: it watches the cluster.") @Default("{}")
        RecorderSpec recorder,

        @JsonPropertyDescription("The server of the past.") @Default("{}")
        RewindSpec rewind,

        @JsonPropertyDescription(
                "Whether recording pauses: the time until it goes on is a gap. The past is served all the same.")
        @Default("false")
        Boolean paused,

        @JsonPropertyDescription("What becomes of the recorded data when this object is deleted.") @Default("Keep")
        DeletionPolicy deletionPolicy) {}
