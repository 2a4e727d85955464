/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;

/** Where a recording is kept: exactly one of its fields is set. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.s3) != has(self.volume)",
        message = "set exactly one of store.s3 and store.volume: a recording is in one place")
@ValidationRule(
        value = "has(self.s3) == has(oldSelf.s3)",
        message =
                "store cannot change between s3 and volume: make another Recording for the new place, the data here stays")
public record StoreSpec(
        @JsonPropertyDescription("A bucket.") S3Spec s3,

        @JsonPropertyDescription("A PersistentVolume, for one recorder.")
        VolumeSpec volume) {}
