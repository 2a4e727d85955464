/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** The recorder. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.log) == has(oldSelf.log)",
        message = "recorder.log cannot be added or removed: make another Recording")
@ValidationRule(
        value = "!has(self.log) || quantity(self.log.size).isGreaterThan(quantity(self.logBudget))",
        message =
                "recorder.log.size must be more than recorder.logBudget, or the volume is full before the budget is used")
public record RecorderSpec(
        @JsonPropertyDescription("Recorders that share the work, and take over from one that is gone. Needs store.s3.")
        @Default("1")
        @Min(1)
        @Max(9)
        Integer replicas,

        @JsonPropertyDescription(
                "A volume for the log of each recorder. Without it: the disk of the node, and what was not uploaded yet is lost with the Pod.")
        LogVolume log,

        @JsonPropertyDescription("How large the log may become while the store is away; then recording waits.")
        @Default("4Gi")
        @ValidationRule(
                value = "self.matches('^[1-9][0-9]{0,8}(Mi|Gi|Ti)$')",
                message = "recorder.logBudget must be a size such as 4Gi")
        String logBudget,

        @JsonPropertyDescription("Resources of the container.")
        Resources resources) {}
