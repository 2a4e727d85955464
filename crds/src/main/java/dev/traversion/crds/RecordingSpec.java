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
@ValidationRule(
        value = "!has(self.nodes) || !has(self.store.volume)",
        message =
                "nodes needs store.s3: a volume is mounted by one recorder, and the agents on all nodes could not write to it")
@ValidationRule(
        value = "!has(self.logs) || has(self.nodes)",
        message =
                "logs needs nodes: the agents read them; with nodes: {events: []} they record nothing else but what containers use")
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
                "What happens on the nodes is recorded by an agent on each. Without it: nothing. Needs store.s3.")
        NodesSpec nodes,

        @JsonPropertyDescription("Logs of Pods are recorded by the agents. Without it: none. Needs nodes.")
        LogsSpec logs,

        @JsonPropertyDescription(
                "Whether recording pauses: the time until it goes on is a gap. The past is served all the same.")
        @Default("false")
        Boolean paused,

        @JsonPropertyDescription("What becomes of the recorded data when this object is deleted.") @Default("Keep")
        DeletionPolicy deletionPolicy) {}
