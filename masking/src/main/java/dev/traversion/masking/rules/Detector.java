/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking.rules;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is recognised in any text, whatever its field is called. The first two always are. */
public enum Detector {
    /** In PEM and OpenPGP's armour, also in one line, and in base64. */
    @JsonProperty("privateKeys")
    PRIVATE_KEYS,

    /** JWT, bearer and basic credentials, passwords in URLs and flags, the tokens of well-known providers. */
    @JsonProperty("tokens")
    TOKENS,

    @JsonProperty("emails")
    EMAILS,

    /** Of payment cards: 13 to 19 digits whose last one is right by Luhn's rule. */
    @JsonProperty("cardNumbers")
    CARD_NUMBERS
}
