/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.access;

import dev.traversion.archive.ResourceType;

/** Something somebody wants to read. */
public sealed interface Read {

    /**
     * Objects, as an authorizer of Kubernetes is asked for them.
     *
     * @param verb get, list or watch
     * @param type group and resource; {@code *} for all
     * @param subresource {@code ""} for none
     * @param namespace {@code ""} for all, and for what is in none
     * @param name {@code ""} for all
     */
    record Objects(Past past, String verb, ResourceType type, String subresource, String namespace, String name)
            implements Read {

        /** All of a type, which may be a subresource, such as {@code pods/log}. */
        public static Objects all(Past past, ResourceType type, String namespace, String name) {
            String[] names = type.resource().split("/", 2);
            return names.length == 1
                    ? new Objects(past, "list", type, "", namespace, name)
                    : new Objects(past, "get", new ResourceType(type.group(), names[0]), names[1], namespace, name);
        }

        /** The namespace whose grants count: a namespace itself is in its own, as for the API server. */
        public String scope() {
            boolean isNamespace = type.group().isEmpty() && type.resource().equals("namespaces");
            return isNamespace && verb.equals("get") ? name : namespace;
        }
    }

    /**
     * What the cluster said of itself: discovery, OpenAPI, its version.
     *
     * @param path as on the API server, such as {@code /apis}
     */
    record Document(Past past, String path) implements Read {}

    /** What rewind says of itself: which clusters it serves, how a film runs. For all who are known. */
    record Own(String path) implements Read {}
}
