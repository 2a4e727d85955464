/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Resources of a container. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Resources(
        @JsonPropertyDescription("What is reserved.") Map<String, Quantity> requests,
        @JsonPropertyDescription("What it may use at most.") Map<String, Quantity> limits) {}
