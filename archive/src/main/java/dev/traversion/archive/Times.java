/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Instants as the recording stores them: nanoseconds since the epoch, which reach to the year 2262. */
public final class Times {

    private Times() {}

    public static long nanos(Instant instant) {
        return Math.addExact(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()), instant.getNano());
    }

    public static Instant instant(long nanos) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return Instant.ofEpochSecond(Math.floorDiv(nanos, second), Math.floorMod(nanos, second));
    }
}
