/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What a kept moment holds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotStatus(
        @JsonPropertyDescription("The generation that this status is of.")
        Long observedGeneration,

        @JsonPropertyDescription("The moment that is kept, to the nanosecond.")
        String time,

        @JsonPropertyDescription("How many objects there were.")
        Long objects,

        @JsonPropertyDescription("Bytes of those objects as JSON.")
        Long bytes,

        @JsonPropertyDescription(
                "SHA-256 over all objects at that moment: the same as long as the recording is what it was.")
        String digest,

        @JsonPropertyDescription("Complete, or WithGaps if something was not observed at that moment.")
        String completeness,

        @JsonPropertyDescription("What was not observed, with the reasons; at most 20.")
        List<String> gaps,

        @JsonPropertyDescription("When the moment is kept no longer.")
        String expires,

        @JsonPropertyDescription("Where the file is, if one was asked for.")
        String export,

        @JsonPropertyDescription("Ready.") List<Condition> conditions) {}
