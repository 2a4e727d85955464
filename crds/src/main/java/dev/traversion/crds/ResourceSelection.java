/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which resources are recorded. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResourceSelection(
        @JsonPropertyDescription(
                "Resources to record, such as configmaps, deployments.apps, *.example.com, or * for all.")
        @Default("[\"*\"]")
        @Size(min = 1, max = 200)
        @ValidationRule(
                value = "self.all(r, r.matches('^([*]|[a-z0-9-]+)([.][a-z0-9.-]+)?$'))",
                message =
                        "resources.include must name resources as kubectl does: configmaps, deployments.apps, *.example.com or *")
        List<String> include,

        @JsonPropertyDescription("Resources of those not to record.")
        @Size(max = 200)
        @ValidationRule(
                value = "self.all(r, r.matches('^([*]|[a-z0-9-]+)([.][a-z0-9.-]+)?$'))",
                message =
                        "resources.exclude must name resources as kubectl does: configmaps, deployments.apps, *.example.com or *")
        List<String> exclude) {}
