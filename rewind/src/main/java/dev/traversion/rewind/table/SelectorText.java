/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;

/** Selectors as one writes them for a query. */
public final class SelectorText {

    private SelectorText() {}

    /** @param selector a LabelSelector, a map of labels, or a selector that is text already; may be missing */
    public static String of(JsonNode selector) {
        if (selector.isTextual()) {
            return selector.asText();
        }
        if (selector.has("matchLabels") || selector.has("matchExpressions")) {
            return Selectors.requirements(selector).orElse("");
        }
        return selector.isEmpty() ? "" : Selectors.labels(selector);
    }
}
