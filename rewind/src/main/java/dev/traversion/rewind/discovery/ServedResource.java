/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.discovery;

import dev.traversion.archive.ResourceType;
import java.util.Set;

/**
 * A resource in one API version.
 *
 * @param subresources those which can be read
 */
public record ServedResource(
        ResourceType type, String version, String kind, boolean namespaced, Set<String> subresources) {

    /** {@code v1}, {@code apps/v1}. */
    public String apiVersion() {
        return type.group().isEmpty() ? version : type.group() + "/" + version;
    }
}
