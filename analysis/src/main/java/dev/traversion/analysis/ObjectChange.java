/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import dev.traversion.archive.ObjectKey;
import java.util.List;

/**
 * One object that differs between two instants.
 *
 * @param observedAt when its last change until the later instant was observed, ns
 * @param manager who created it, of one that was added; else {@code ""}
 * @param fields what differs, of one that exists at both instants
 * @param folded how many fields differ that say nothing, such as resourceVersion
 */
public record ObjectChange(
        ObjectKey key, String kind, Type type, long observedAt, String manager, List<FieldChange> fields, int folded) {

    /** How it differs. */
    public enum Type {
        ADDED,
        REMOVED,
        CHANGED,
        /** Deleted and created again under the same name. */
        REPLACED
    }
}
