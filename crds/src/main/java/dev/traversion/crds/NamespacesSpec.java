/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** In which namespaces objects are recorded. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.include) || has(self.exclude)", message = "namespaces must have include or exclude")
public record NamespacesSpec(
        @JsonPropertyDescription(
                "Namespaces whose objects are recorded, by name or pattern, such as shop or team-*. Without it: all.")
        @Size(min = 1, max = 200)
        @ValidationRule(
                value = "self.all(n, size(n) <= 63 && n.matches('^[a-z0-9*]([a-z0-9*-]*[a-z0-9*])?$'))",
                message = "namespaces.include must be names of namespaces, in which * stands for anything")
        List<String> include,

        @JsonPropertyDescription("Namespaces of those whose objects are not recorded, such as kube-*.")
        @Size(min = 1, max = 200)
        @ValidationRule(
                value = "self.all(n, size(n) <= 63 && n.matches('^[a-z0-9*]([a-z0-9*-]*[a-z0-9*])?$'))",
                message = "namespaces.exclude must be names of namespaces, in which * stands for anything")
        List<String> exclude) {}
