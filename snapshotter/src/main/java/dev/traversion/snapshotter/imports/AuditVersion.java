/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import dev.traversion.archive.ResourceVersions;

/**
 * A version of an object that an audit log tells of; its masked body is in the spool.
 *
 * @param time when the API server answered, ns
 * @param resourceVersion of a deletion one that comes after all before it
 * @param length of the body; 0 if a deletion did not tell it
 */
record AuditVersion(
        Found.Id id, String uid, String resourceVersion, long time, boolean deleted, long offset, int length) {

    /** The order of the versions of one object. */
    static int byVersion(AuditVersion left, AuditVersion right) {
        return ResourceVersions.compare(left.resourceVersion, right.resourceVersion);
    }
}
