/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times as people read them: {@code 5m12s}, {@code 3d4h}. The steps are those of {@code k8s.io/apimachinery/pkg/util/duration}. */
final class Ages {

    static final String UNKNOWN = "<unknown>";
    static final String INVALID = "<invalid>";

    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");

    private static final String FORM = "0000-00-00T00:00:00Z";
    private static final int SECONDS_LENGTH = FORM.length();

    /** A Go duration ends after 292 years; what is longer counts as this. */
    private static final long LONGEST_SECONDS = Long.MAX_VALUE / 1_000_000_000L;

    private static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY_HOURS = 24;
    private static final long YEAR_HOURS = 365 * DAY_HOURS;

    private Ages() {}

    /** How long ago a timestamp was: {@code <unknown>} without one. */
    static String since(JsonNode timestamp, Instant now) {
        return time(timestamp).map(time -> human(Duration.between(time, now))).orElse(UNKNOWN);
    }

    /** A timestamp field; empty if it is not set. */
    static Optional<Instant> time(JsonNode timestamp) {
        return timestamp.isTextual()
                ? parse(timestamp.textValue()).filter(time -> !time.equals(ZERO))
                : Optional.empty();
    }

    /** RFC 3339, as Go reads it; empty for anything else. */
    static Optional<Instant> parse(String text) {
        if (!isRfc3339(text)) {
            return Optional.empty();
        }
        try {
            if (text.length() == SECONDS_LENGTH) {
                LocalDateTime time = LocalDateTime.of(
                        digits(text, 0, 4),
                        digits(text, 5, 2),
                        digits(text, 8, 2),
                        digits(text, 11, 2),
                        digits(text, 14, 2),
                        digits(text, 17, 2));
                return Optional.of(time.toInstant(ZoneOffset.UTC));
            }
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Almost every timestamp has whole seconds in UTC, and a table has many: that form is told without a pattern. */
    private static boolean isRfc3339(String text) {
        if (text.length() != SECONDS_LENGTH || text.charAt(SECONDS_LENGTH - 1) != 'Z') {
            return RFC_3339.matcher(text).matches();
        }
        for (int i = 0; i < SECONDS_LENGTH; i++) {
            char form = FORM.charAt(i);
            char c = text.charAt(i);
            if (form == '0' ? c < '0' || c > '9' : c != form) {
                return false;
            }
        }
        return true;
    }

    private static int digits(String text, int start, int length) {
        int number = 0;
        for (int i = start; i < start + length; i++) {
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    /** Two or three significant figures of a duration. Up to two seconds into the future count as now: clocks differ. */
    static String human(Duration duration) {
        long seconds = wholeSeconds(duration);
        if (seconds < -1) {
            return INVALID;
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 2 * MINUTE) {
            return seconds + "s";
        }
        long minutes = seconds / MINUTE;
        if (minutes < 10) {
            return two(minutes, "m", seconds % MINUTE, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = seconds / HOUR;
        if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        }
        if (hours < 2 * DAY_HOURS) {
            return hours + "h";
        }
        long days = hours / DAY_HOURS;
        if (hours < 8 * DAY_HOURS) {
            return two(days, "d", hours % DAY_HOURS, "h");
        }
        if (hours < 2 * YEAR_HOURS) {
            return days + "d";
        }
        if (hours < 8 * YEAR_HOURS) {
            return two(days / 365, "y", days % 365, "d");
        }
        return days / 365 + "y";
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
    }

    /** Towards zero, as Go converts: -1.5 s is -1. */
    private static long wholeSeconds(Duration duration) {
        long seconds = duration.getSeconds();
        if (seconds < 0 && duration.getNano() > 0) {
            seconds++;
        }
        return Math.clamp(seconds, -LONGEST_SECONDS, LONGEST_SECONDS);
    }
}
