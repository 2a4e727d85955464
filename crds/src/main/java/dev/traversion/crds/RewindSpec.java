/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** The server of the past. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RewindSpec(
        @JsonPropertyDescription("How many serve the past.") @Default("1") @Min(0) @Max(9)
        Integer replicas,

        @JsonPropertyDescription(
                "Secret with tls.crt and tls.key, in the namespace of the operator, such as cert-manager makes; it is read again when it changes. Without it the servers make certificates of their own.")
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$')",
                message = "rewind.tlsSecret must be the name of a Secret in the namespace of the operator")
        String tlsSecret,

        @JsonPropertyDescription("Resources of the container.")
        Resources resources) {}
