/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Which moment to keep, and for how long. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.time) == has(oldSelf.time)", message = "time cannot change: make another Snapshot")
@ValidationRule(
        value = "!self.hold || !has(self.keepFor)",
        message = "keepFor and hold contradict each other: a hold lasts until it is lifted")
public record SnapshotSpec(
        @JsonPropertyDescription("Name of the Recording.")
        @Required
        @ValidationRule(value = "self == oldSelf", message = "recording cannot change: a Snapshot is of one recording")
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$')",
                message = "recording must be the name of a Recording")
        String recording,

        @JsonPropertyDescription("The moment, as 2026-01-31T14:03:22Z. Without it: when this object was created.")
        @ValidationRule(
                value =
                        "self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$')",
                message = "time must be written as 2026-01-31T14:03:22Z")
        @ValidationRule(
                value =
                        "timestamp(self) > timestamp('1970-01-01T00:00:00Z') && timestamp(self) < timestamp('2200-01-01T00:00:00Z')",
                message = "time must be a moment that the calendar has, from 1970 to 2200")
        @ValidationRule(value = "self == oldSelf", message = "time cannot change: make another Snapshot")
        String time,

        @JsonPropertyDescription(
                "How long the moment is kept, counted from the creation of this object; then the object is deleted. Without it: until somebody deletes it.")
        @ValidationRule(
                value = "self.matches('^([1-9][0-9]{0,7}s|[1-9][0-9]{0,5}m|[1-9][0-9]{0,4}[hd]|[1-9][0-9]{0,3}w)+$')",
                message = "keepFor must be a duration such as 12h, 30d or 8w")
        String keepFor,

        @JsonPropertyDescription(
                "A legal hold: nothing of that moment may be erased, and this object cannot be deleted before hold is false.")
        @Default("false")
        Boolean hold,

        @JsonPropertyDescription("Why, for whoever finds it.") @Size(max = 1000)
        String reason,

        @JsonPropertyDescription(
                "Whether the moment is also written as one file, which every command of kubectl traversion opens.")
        @Default("false")
        Boolean export) {}
