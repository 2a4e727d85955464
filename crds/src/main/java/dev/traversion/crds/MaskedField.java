/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A field whose values are secret. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MaskedField(
        @JsonPropertyDescription("The resource it is in, such as widgets.example.com. Without it: every one.")
        @Pattern("^(\\*|[a-z0-9-]+)(\\.[a-z0-9.-]+)?$")
        @Size(max = 253)
        String resource,

        @JsonPropertyDescription(
                "Where it is, such as spec.containers[*].env[*].value, data.* or metadata.annotations['example.com/owner']. All below it is secret, too.")
        @Required
        @Size(min = 1, max = 400)
        @ValidationRule(
                value =
                        "self.matches(\"^[A-Za-z0-9_$-]+(\\\\[\\\\*\\\\])*((\\\\.([A-Za-z0-9_$-]+|\\\\*)|\\\\['[^']+'\\\\])(\\\\[\\\\*\\\\])*)*$\")",
                message =
                        "path must be names with dots in between, [*] for lists and * for any name, such as spec.containers[*].env[*].value")
        @ValidationRule(
                value =
                        "!self.matches('^(apiVersion|kind)([.\\\\[]|$)') && !self.matches('^(metadata|spec|status)$') && (!self.startsWith('metadata') || self.matches('^metadata\\\\.annotations([.\\\\[]|$)')) && !self.matches('(^|\\\\.)(labels|matchLabels|matchExpressions|selector|nodeSelector|ownerReferences)([.\\\\[]|$)')",
                message =
                        "path would mask what identifies objects or gives them their shape: choose a field below spec, status, data or metadata.annotations, and no labels or selectors")
        String path) {}
