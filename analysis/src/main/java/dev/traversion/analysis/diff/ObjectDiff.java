/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import dev.traversion.archive.ObjectKey;
import java.util.List;

/**
 * An object that differs between two moments.
 *
 * @param kind such as Deployment
 * @param at when its last change before the later moment was observed, ns
 * @param fields what differs, without noise; empty for objects that came or went
 * @param folded how many more fields differ that are noise
 * @param before the whole body; null if there was no such object
 * @param after the whole body; null if there is no such object any more
 */
public record ObjectDiff(
        ObjectKey key,
        String kind,
        Change change,
        long at,
        List<FieldChange> fields,
        int folded,
        byte[] before,
        byte[] after) {

    /** How it differs. */
    public enum Change {
        ADDED,
        REMOVED,
        CHANGED,
        /** Another object of the same name. */
        REPLACED
    }
}
