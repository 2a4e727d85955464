/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** How one cell follows from an object. */
@FunctionalInterface
interface Cell {

    /**
     * The value of the cell: a String, number or Boolean, or null.
     *
     * @param object the whole object as the API server serves it
     * @param now the moment that ages are counted to
     */
    Object of(JsonNode object, Instant now);
}
