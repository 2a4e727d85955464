/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How many nodes are recorded. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodesStatus(
        @JsonPropertyDescription("Nodes that are to be recorded.")
        Integer desired,

        @JsonPropertyDescription("Nodes whose agent records.")
        Integer ready) {}
