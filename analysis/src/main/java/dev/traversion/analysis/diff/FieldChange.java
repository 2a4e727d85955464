/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A value that differs.
 *
 * @param before null if it was not there
 * @param after null if it is not there any more
 * @param owner who set it; null if nobody says so, as of values that are gone
 */
public record FieldChange(FieldPath path, JsonNode before, JsonNode after, FieldOwner owner) {

    /**
     * Whether all that differs is the key with which it was masked: then nobody can tell whether the value changed.
     */
    public boolean isMaskedAnew() {
        return before != null
                && after != null
                && before.isTextual()
                && after.isTextual()
                && MaskedTexts.differByKeyOnly(before.asText(), after.asText());
    }
}
