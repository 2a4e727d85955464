/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.time;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Moments as they are shown: always UTC, exact, and accepted again as TIME. */
public final class MomentText {

    private MomentText() {}

    /** {@code 2026-01-31T14:03:22Z}, with as many fractional digits as it has. */
    public static String full(Instant instant) {
        return instant.toString();
    }

    /** {@code 14:03:22Z} if {@code instant} is what that means at {@code now}, else in full. */
    public static String brief(Instant instant, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        boolean isToday = LocalDate.ofInstant(instant, ZoneOffset.UTC).equals(today) && !instant.isAfter(now);
        return isToday ? full(instant).substring("2026-01-31T".length()) : full(instant);
    }

    /** {@code 14:03-14:10}-like text for a stretch of time; an unknown end is said so. */
    public static String ago(Instant instant, Instant now) {
        Duration passed = Duration.between(instant, now);
        if (passed.isNegative() || passed.compareTo(Duration.ofSeconds(1)) < 0) {
            return "now";
        }
        return duration(passed) + " ago";
    }

    /** {@code 95s}, {@code 12m}, {@code 3h5m}, {@code 4d}: two units at most. */
    public static String duration(Duration duration) {
        long seconds = duration.truncatedTo(ChronoUnit.SECONDS).toSeconds();
        if (seconds < 120) {
            return seconds + "s";
        }
        if (duration.toHours() < 3) {
            return duration.toMinutes() + "m"
                    + (duration.toMinutes() < 10 ? nonZero(duration.toSecondsPart(), "s") : "");
        }
        if (duration.toDays() < 2) {
            return duration.toHours() + "h" + nonZero(duration.toMinutesPart(), "m");
        }
        return duration.toDays() + "d" + (duration.toDays() < 8 ? nonZero(duration.toHoursPart(), "h") : "");
    }

    private static String nonZero(int amount, String unit) {
        return amount == 0 ? "" : amount + unit;
    }
}
