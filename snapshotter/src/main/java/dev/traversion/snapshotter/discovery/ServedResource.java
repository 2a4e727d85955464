/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.discovery;

import dev.traversion.archive.ResourceType;

/**
 * A resource that can be listed and watched.
 *
 * @param version the API version it is recorded in: the server's preferred one
 * @param kind of its objects
 * @param backend the Service of an aggregated API server, {@code namespace/name}, whose versions need not mean what those of etcd
 *     mean; {@code ""} if the API server itself keeps the objects
 */
public record ServedResource(ResourceType type, String version, String kind, boolean namespaced, String backend) {

    /** {@code v1}, {@code apps/v1} */
    public String apiVersion() {
        return type.group().isEmpty() ? version : type.group() + "/" + version;
    }

    /** Path of the list over all namespaces. */
    public String path() {
        return path("");
    }

    /** Path of the list of a namespace; {@code ""} for all, and for what has none. */
    public String path(String namespace) {
        return (type.group().isEmpty() ? "/api/" : "/apis/") + apiVersion()
                + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + type.resource();
    }

    /** Whether versions are revisions of etcd: ordered, and shared by all such resources. */
    public boolean isInEtcd() {
        return backend.isEmpty();
    }
}
