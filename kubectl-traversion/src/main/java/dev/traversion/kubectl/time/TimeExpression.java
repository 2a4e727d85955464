/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.time;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** A TIME as it was written, before it is known which instant it means. Made by {@link TimeParser}. */
public sealed interface TimeExpression {

    /** The newest instant recorded. */
    record Now() implements TimeExpression {}

    /** So long before the clock's now. */
    record Ago(Duration duration) implements TimeExpression {}

    /**
     * The most recent such time of day.
     *
     * @param offset of the zone it was written with; empty: the user's zone
     */
    record Clock(LocalTime time, Optional<ZoneOffset> offset) implements TimeExpression {}

    /** A time of a date in the user's zone. */
    record Local(LocalDateTime time) implements TimeExpression {}

    /** An instant written in full. */
    record Absolute(Instant instant) implements TimeExpression {}

    /**
     * Just before a change of an object.
     *
     * @param type as kubectl takes it: {@code deploy}, {@code deployments.apps}
     * @param nth 1 for the last change, 2 for the one before it
     */
    record BeforeChange(String type, String name, int nth) implements TimeExpression {}

    /** A moment so long after (or, negative, before) another. */
    record Offset(TimeExpression base, Duration duration) implements TimeExpression {}
}
