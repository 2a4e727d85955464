/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An object that was read; its masked body is in the spool.
 *
 * @param lastSeen of an Event, when it last happened, ns; else {@link #UNKNOWN}
 */
record Found(Id id, String uid, String resourceVersion, long lastSeen, long offset, int length) {

    static final long UNKNOWN = Long.MIN_VALUE;

    /** What two occurrences of one object have in common. */
    record Id(KindName kind, String apiVersion, String namespace, String name) {

        static Id of(String apiVersion, String kind, JsonNode metadata) {
            return new Id(
                    KindName.of(apiVersion, kind),
                    apiVersion.intern(),
                    metadata.path("namespace").asText("").intern(),
                    metadata.path("name").asText());
        }

        /** The same object in whatever version. */
        Id in(String otherApiVersion) {
            return new Id(kind, otherApiVersion, namespace, name);
        }
    }
}
