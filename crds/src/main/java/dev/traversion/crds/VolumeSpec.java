/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** A PersistentVolume that is claimed for the recording. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.storageClass) == has(oldSelf.storageClass)",
        message = "volume.storageClass cannot change: make another Recording")
public record VolumeSpec(
        @JsonPropertyDescription("Size of the volume, such as 50Gi.")
        @Required
        @ValidationRule(
                value = "quantity(self).isGreaterThan(quantity('0'))",
                message = "volume.size must be a quantity such as 50Gi")
        @ValidationRule(
                value = "quantity(self).compareTo(quantity(oldSelf)) >= 0",
                message = "volume.size cannot shrink: volumes only grow")
        String size,

        @JsonPropertyDescription("Class of the volume. Without it: the default one.")
        @ValidationRule(
                value = "self == oldSelf",
                message = "volume.storageClass cannot change: make another Recording")
        String storageClass) {}
