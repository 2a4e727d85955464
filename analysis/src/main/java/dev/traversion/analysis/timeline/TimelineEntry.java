/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.timeline;

import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.archive.ObjectKey;
import java.util.List;

/**
 * Something that happened.
 *
 * @param at when it was observed, ns
 * @param key the object; of a gap only its type, of an Event the object it is about, as far as its resource is known
 * @param text a sentence for people; {@code ""} where the fields say it all
 * @param fields what changed, without bookkeeping
 * @param who the field manager, or the component that reported an Event; {@code ""} if unknown
 */
public record TimelineEntry(long at, What what, ObjectKey key, String text, List<FieldChange> fields, String who) {

    /** Kinds of entries. */
    public enum What {
        CREATED,
        CHANGED,
        DELETED,
        CONDITION,
        EVENT,
        /** What the node's agent saw of a process or a connection of a pod. */
        PROCESS,
        GAP
    }
}
