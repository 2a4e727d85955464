/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;

/** How much of the past is kept. What is beyond either limit is forgotten, oldest first; pinned moments stay. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.age) || has(self.size)",
        message = "retention must have an age, a size or both; leave it out to keep everything")
public record Retention(
        @JsonPropertyDescription("How far back the recording reaches, such as 14d.")
        @ValidationRule(
                value = "self.matches('^([1-9][0-9]{0,7}s|[1-9][0-9]{0,5}m|[1-9][0-9]{0,4}[hd]|[1-9][0-9]{0,3}w)+$')",
                message = "retention.age must be a duration such as 12h, 14d or 8w")
        String age,

        @JsonPropertyDescription("How large its sealed parts may be, such as 50Gi.")
        @ValidationRule(
                value = "self.matches('^[1-9][0-9]{0,8}(Ki|Mi|Gi|Ti)$')",
                message = "retention.size must be a size such as 500Mi or 50Gi")
        String size) {}
