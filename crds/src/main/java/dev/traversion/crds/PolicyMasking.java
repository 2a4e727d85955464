/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What is secret in a namespace. Rules can only be added. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.names) || has(self.fields) || has(self.detect) || has(self.patterns)",
        message = "masking must have names, fields, detect or patterns")
public record PolicyMasking(
        @JsonPropertyDescription(
                "Words, in any case. Texts in fields and environment variables whose names contain one are replaced by tokens.")
        @Size(min = 1, max = 50)
        @ValidationRule(
                value = "self.all(n, n.matches('^[A-Za-z0-9_.-]{2,100}$'))",
                message =
                        "masking.names must be words of field names, such as iban: letters, digits, dots, dashes and underscores, at least two")
        List<String> names,

        @JsonPropertyDescription("Fields whose values are secret.") @Size(min = 1, max = 20)
        List<MaskedField> fields,

        @JsonPropertyDescription(
                "What is recognised in any text. privateKeys and tokens always are; emails and cardNumbers have to be asked for.")
        @Size(min = 1, max = 4)
        List<Detection> detect,

        @JsonPropertyDescription(
                "Expressions in RE2's syntax, such as CUST-[0-9]{6}: what one matches in any text is secret.")
        @Size(min = 1, max = 10)
        @ValidationRule(
                value = "self.all(p, !''.matches(p))",
                message = "masking.patterns must not match the empty text, which is everywhere")
        List<@Size(min = 1, max = 200) String> patterns) {}
