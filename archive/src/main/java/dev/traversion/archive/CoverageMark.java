/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

/**
 * What a recorder says about its own completeness for one type. Folded into {@link CoverageInterval}s.
 *
 * @param at ns
 * @param resourceVersion the type's resourceVersion at that point; {@code ""} if unknown
 * @param reason why, for {@link Kind#CLOSED} and {@link Kind#GAP}; for {@link Kind#OPENED} what limits the observation, {@code ""}
 *     if nothing does
 */
public record CoverageMark(ResourceType type, Kind kind, long at, String resourceVersion, String reason) {

    /** The reason for {@link Kind#CLOSED} when a recorder ends as intended. */
    public static final String STOPPED = "recording was stopped";

    /** How the reason begins for what is observed as well as can be, without a proof that nothing is missing. */
    public static final String BEST_EFFORT = "best effort";

    /**
     * What the reason says of a gap in which no version is missing and all are recorded in their order, only not when they came into
     * being.
     */
    public static final String LATE = "changes were recorded late";

    /** The steps in the life of a type's observation. */
    public enum Kind {
        /** From here on every change is seen: an initial list was complete, or a watch resumed without loss. */
        OPENED,
        /** Everything up to here was seen: an event, a bookmark, or a living stream. */
        CONFIRMED,
        /** Observation ended here, with or without intent. */
        CLOSED,
        /** Nothing can be observed (forbidden, unsupported): a gap from here until the next {@link #OPENED}. */
        GAP,
        /** Observation ended here with nothing missing, and another recorder goes on: this one has no more to say of the type. */
        HANDED_OVER
    }
}
