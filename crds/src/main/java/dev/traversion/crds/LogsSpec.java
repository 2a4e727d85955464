/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Whose logs the agents record, masked as objects are. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LogsSpec(
        @JsonPropertyDescription(
                "Namespaces whose Pods' logs are recorded; * for all. Teams add their own by a RecordingPolicy.")
        @Default("[]")
        @Size(max = 500)
        @ValidationRule(
                value = "self.all(n, n.matches('^([*]|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$'))",
                message = "logs.namespaces must be names of namespaces, or * for all")
        List<String> namespaces,

        @JsonPropertyDescription("Where the kubelet of the nodes keeps the logs of Pods: its podLogsDir.")
        @Default("/var/log/pods")
        @ValidationRule(
                value = "self.matches('^/[^:]*$') && !self.contains('..')",
                message = "logs.directory must be an absolute path, such as /var/log/pods")
        String directory) {}
