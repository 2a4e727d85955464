/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** A volume for the log. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self == oldSelf",
        message = "recorder.log cannot change: Kubernetes does not change the volumes of a StatefulSet")
public record LogVolume(
        @JsonPropertyDescription("Size of the volume, such as 8Gi; more than logBudget.")
        @Required
        @ValidationRule(
                value = "quantity(self).isGreaterThan(quantity('0'))",
                message = "recorder.log.size must be a quantity such as 8Gi")
        String size,

        @JsonPropertyDescription("Class of the volume. Without it: the default one.")
        String storageClass) {}
