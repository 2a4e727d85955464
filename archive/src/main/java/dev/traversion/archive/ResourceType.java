/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.util.Comparator;

/**
 * A kind of object as the API server stores it: {@code apps/deployments}. The API version is not part of it, since one stored
 * object is served in several.
 *
 * @param group API group, {@code ""} for the core group
 * @param resource plural resource name, without a subresource
 */
public record ResourceType(String group, String resource) implements Comparable<ResourceType> {

    private static final Comparator<ResourceType> ORDER =
            Comparator.comparing(ResourceType::group).thenComparing(ResourceType::resource);

    @Override
    public int compareTo(ResourceType other) {
        return ORDER.compare(this, other);
    }

    /** {@code pods}, {@code deployments.apps}: the form kubectl prints and accepts. */
    @Override
    public String toString() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
