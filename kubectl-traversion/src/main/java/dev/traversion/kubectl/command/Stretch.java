/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeExpression;
import dev.traversion.kubectl.time.TimeParser;
import dev.traversion.kubectl.time.TimeRange;
import java.time.Instant;
import java.util.function.Function;

/** The instants that A..B means. */
record Stretch(Instant from, Instant to) {

    /**
     * Finds them.
     *
     * @param resolve says which instant a time means
     * @throws TraversionException if A is later than B
     */
    static Stretch of(String range, Function<TimeExpression, Instant> resolve) {
        TimeRange times = TimeParser.parseRange(range);
        Stretch stretch = new Stretch(resolve.apply(times.from()), resolve.apply(times.to()));
        if (stretch.to.isBefore(stretch.from)) {
            throw new TraversionException(MomentText.full(stretch.from) + " is later than "
                    + MomentText.full(stretch.to) + ". Write the earlier moment first.");
        }
        return stretch;
    }

    /** @throws TraversionException if both are the same */
    Stretch requireLength() {
        if (from.equals(to)) {
            throw new TraversionException(
                    "Both moments are " + MomentText.full(from) + ": nothing lies between them. Choose a later one.");
        }
        return this;
    }
}
