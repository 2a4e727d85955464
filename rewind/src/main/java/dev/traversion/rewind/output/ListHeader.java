/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.output;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.json.GoJson;

/**
 * The metadata of a list.
 *
 * @param continueToken {@code ""} if there is no more
 * @param remaining how many objects follow; 0 if none or unknown
 */
public record ListHeader(String resourceVersion, String continueToken, long remaining) {

    /** As the typed API writes it: what is empty is left out. */
    byte[] typed() {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("resourceVersion", resourceVersion);
        if (!continueToken.isEmpty()) {
            metadata.put("continue", continueToken);
        }
        if (remaining > 0) {
            metadata.put("remainingItemCount", remaining);
        }
        return GoJson.bytes(metadata);
    }

    /** As lists of custom resources have it: in alphabetical order, with an empty continue. */
    byte[] alphabetical() {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("continue", continueToken);
        if (remaining > 0) {
            metadata.put("remainingItemCount", remaining);
        }
        return GoJson.bytes(metadata.put("resourceVersion", resourceVersion));
    }
}
