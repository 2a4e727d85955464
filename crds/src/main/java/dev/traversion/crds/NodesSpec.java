/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** What the agents on the nodes record. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodesSpec(
        @JsonPropertyDescription(
                "What is recorded of each node beside what containers use: processes (programs that begin and end), kills (for want of memory, and fatal signals), connections (TCP), disks (slow requests), dns (lookups of names), arguments (of programs, masked by the built-in rules). What is left out is a gap.")
        @Default("[\"processes\", \"kills\", \"connections\", \"disks\"]")
        @Size(max = 6)
        List<NodeEvents> events,

        @JsonPropertyDescription("How often it is sampled what pods, containers and the node use.")
        @Default("5s")
        @ValidationRule(
                value = "self.matches('^([1-9][0-9]{0,2}s|[1-9]m|10m)$')",
                message = "nodes.usageInterval must be 1s to 999s or 1m to 10m, such as 5s")
        String usageInterval,

        @JsonPropertyDescription("How much disk a node may give to what is not uploaded yet; then the rest is a gap.")
        @Default("512Mi")
        @ValidationRule(
                value = "self.matches('^[1-9][0-9]{0,5}(Mi|Gi)$')",
                message = "nodes.spool must be a size such as 512Mi")
        String spool,

        @JsonPropertyDescription(
                "Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the namespace of the operator, that may do no more than put objects under clusters/*/landing/ of the recording. Without it every node holds the keys of the recorder.")
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$')",
                message = "nodes.credentialsSecret must be the name of a Secret in the namespace of the operator")
        String credentialsSecret,

        @JsonPropertyDescription("Labels of the nodes that are recorded. Without it: all.")
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints that do not keep an agent away. Without it: all.") @Size(max = 50)
        List<Toleration> tolerations,

        @JsonPropertyDescription(
                "Priority of the agents, such as system-node-critical, so that no other Pod displaces them.")
        String priorityClass,

        @JsonPropertyDescription("Resources of the container.")
        Resources resources) {}
