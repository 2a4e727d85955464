/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.discovery;

import dev.traversion.archive.ResourceType;

/**
 * A resource that can be listed and watched.
 *
 * @param version the API version it is recorded in: the server's preferred one
 * @param kind of its objects
 */
public record ServedResource(ResourceType type, String version, String kind, boolean namespaced) {

    /** {@code v1}, {@code apps/v1} */
    public String apiVersion() {
        return type.group().isEmpty() ? version : type.group() + "/" + version;
    }

    /** Path of the list over all namespaces. */
    public String path() {
        return (type.group().isEmpty() ? "/api/" : "/apis/") + apiVersion() + "/" + type.resource();
    }
}
