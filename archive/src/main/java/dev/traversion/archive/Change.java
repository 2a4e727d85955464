/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

/**
 * One version of one object, as observed.
 *
 * @param kind the object's kind, such as {@code Deployment}
 * @param uid the object's uid; {@code ""} where the API has none
 * @param resourceVersion the object's resourceVersion; for a deletion that of the deletion
 * @param observedAt when it was seen, ns; strictly increasing within a type
 * @param body the whole JSON object as the API server sent it, masked, compact, with kind and apiVersion; for a deletion the last
 *     state, or empty when it was never seen (a tombstone found by comparing lists). Not to be changed afterwards.
 */
public record Change(
        ObjectKey key,
        String kind,
        String uid,
        String resourceVersion,
        long observedAt,
        Operation operation,
        byte[] body) {

    /** No body is larger: API servers with etcd store a few MiB at most, and readers must know how much to expect. */
    public static final int LARGEST_BODY = 48 << 20;
}
