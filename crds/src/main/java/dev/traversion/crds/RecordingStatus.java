/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What has become of a recording. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordingStatus(
        @JsonPropertyDescription("The generation that this status is of.")
        Long observedGeneration,

        @JsonPropertyDescription("Id of the cluster in the recording: the uid of its namespace kube-system.")
        String clusterId,

        @JsonPropertyDescription("Where the recording is, as kubectl traversion takes it.")
        String location,

        @JsonPropertyDescription("How many RecordingPolicies are in force.")
        Integer policies,

        @JsonPropertyDescription("How many nodes are recorded; with spec.nodes.")
        NodesStatus nodes,

        @JsonPropertyDescription("Ready, Recording, StorageReachable, Degraded and, with spec.nodes, NodesRecorded.")
        List<Condition> conditions) {}
