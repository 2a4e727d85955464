/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One field that differs.
 *
 * @param path such as {@code spec.template.spec.containers[web].image}
 * @param before its value before; null if it was not there
 * @param after its value afterwards; null if it is not there any more
 * @param manager the field manager that covers it in the newer version; {@code ""} if none does
 * @param time when that manager last wrote, as the API server noted it; {@code ""} if unknown
 */
public record FieldChange(String path, JsonNode before, JsonNode after, String manager, String time) {

    /** Whether it is what a controller observed, not what somebody wanted. */
    public boolean isStatus() {
        return path.startsWith("status.") || path.equals("status");
    }
}
