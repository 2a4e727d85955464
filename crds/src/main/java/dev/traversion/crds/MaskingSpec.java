/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What is secret beside what always is. Rules can only be added. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.rotateEvery) || !has(self.keySecret)",
        message =
                "masking.rotateEvery cannot be had with masking.keySecret: the operator replaces only a key that it made. Put a new line above the others in that Secret instead")
public record MaskingSpec(
        @JsonPropertyDescription(
                "Words, in any case. Texts in fields and environment variables whose names contain one are replaced by tokens.")
        @Size(max = 200)
        @ValidationRule(
                value = "self.all(n, n.matches('^[A-Za-z0-9_.-]{2,100}$'))",
                message =
                        "masking.names must be words of field names, such as iban: letters, digits, dots, dashes and underscores, at least two")
        List<String> names,

        @JsonPropertyDescription("Fields whose values are secret.") @Size(max = 50)
        List<MaskedField> fields,

        @JsonPropertyDescription(
                "What is recognised in any text. privateKeys and tokens always are; emails and cardNumbers have to be asked for.")
        @Size(max = 4)
        List<Detection> detect,

        @JsonPropertyDescription(
                "Expressions in RE2's syntax, such as CUST-[0-9]{6}: what one matches in any text is secret.")
        @Size(max = 20)
        @ValidationRule(
                value = "self.all(p, !''.matches(p))",
                message = "masking.patterns must not match the empty text, which is everywhere")
        List<@Size(min = 1, max = 200) String> patterns,

        @JsonPropertyDescription(
                "Secret with the key of the tokens (masking.key: 64 hexadecimal digits, or a line of them for each key, the newest first), in the namespace of the operator. Without it the operator makes one.")
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$')",
                message = "masking.keySecret must be the name of a Secret in the namespace of the operator")
        String keySecret,

        @JsonPropertyDescription(
                "How often the key that the operator made is replaced by a new one, such as 90d: tokens of before and after cannot be compared. Without it: when the annotation traversion.dev/rotate of the Recording gets another value.")
        @ValidationRule(
                value = "self.matches('^([1-9][0-9]{0,4}[hdw])+$')",
                message = "masking.rotateEvery must be a duration such as 90d, 12w or 24h")
        String rotateEvery) {}
