/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.time;

import dev.traversion.archive.TraversionException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads TIME. What it refuses, it refuses in a {@link TraversionException} that shows how to write it. */
public final class TimeParser {

    private static final String DURATION = "(?:\\d{1,9}(?:ms|w|d|h|m|s))+";
    private static final String OFFSETS = "(?<offsets>(?:[+-]" + DURATION + ")*)";
    private static final String DATE = "(?<date>\\d{4}-\\d{2}-\\d{2})";
    private static final String TIME_OF_DAY = "(?<time>\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?)";
    private static final String ZONE = "(?<zone>[zZ]|[+-]\\d{2}:?\\d{2})?";

    private static final Pattern NOW = Pattern.compile("now" + OFFSETS);
    private static final Pattern AGO = Pattern.compile("(?<ago>" + DURATION + ")(?:\\s+ago)?" + OFFSETS);
    private static final Pattern CLOCK = Pattern.compile(TIME_OF_DAY + ZONE + OFFSETS);
    private static final Pattern DATED = Pattern.compile(DATE + "(?:[tT ]" + TIME_OF_DAY + ")?" + ZONE + OFFSETS);
    private static final Pattern EPOCH =
            Pattern.compile("@(?<seconds>\\d{1,11})(?:\\.(?<fraction>\\d{1,9}))?" + OFFSETS);
    private static final Pattern CHANGE =
            Pattern.compile("(?<type>[a-zA-Z][a-zA-Z0-9.-]*)/(?<name>[^~/\\s]+)(?:~(?<nth>\\d{0,6})" + OFFSETS + ")?");
    private static final Pattern TERM = Pattern.compile("(\\d+)(ms|w|d|h|m|s)");
    private static final Pattern SIGNED = Pattern.compile("([+-])(" + DURATION + ")");

    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS,
            "w", ChronoUnit.WEEKS);

    private TimeParser() {}

    /**
     * Reads one moment.
     *
     * @throws TraversionException if it is none
     */
    public static TimeExpression parse(String text) {
        String trimmed = text.strip();
        if (trimmed.contains("..")) {
            throw new TraversionException(
                    "\"" + text + "\" is a range; one moment is needed here, such as 10m or 14:03:22.");
        }
        if (trimmed.startsWith("snap:")) {
            throw new TraversionException("\"" + text + "\": named snapshots are not supported by this version."
                    + " Name the moment itself, such as 14:03:22 or 2026-01-31T14:03:22Z.");
        }
        try {
            return read(trimmed).orElseThrow(() -> notATime(text));
        } catch (DateTimeException | ArithmeticException e) {
            throw new TraversionException(
                    "\"" + text + "\" is not a time: " + reason(e)
                            + ". Write it such as 14:03:22 or 2026-01-31T14:03:22Z.",
                    e);
        }
    }

    /**
     * Reads {@code A..B}; a missing B is now.
     *
     * @throws TraversionException if it is no range
     */
    public static TimeRange parseRange(String text) {
        int dots = text.indexOf("..");
        if (dots <= 0) {
            throw new TraversionException(
                    "\"" + text + "\" is not a range. Write A..B, such as 14:03..14:10 or 10m..now.");
        }
        String end = text.substring(dots + 2).strip();
        return new TimeRange(parse(text.substring(0, dots)), end.isEmpty() ? new TimeExpression.Now() : parse(end));
    }

    private static Optional<TimeExpression> read(String text) {
        Matcher now = NOW.matcher(text.toLowerCase(Locale.ROOT));
        if (now.matches()) {
            return Optional.of(withOffsets(new TimeExpression.Now(), now));
        }
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            return Optional.of(withOffsets(new TimeExpression.Ago(duration(ago.group("ago"))), ago));
        }
        Matcher clock = CLOCK.matcher(text);
        if (clock.matches()) {
            return Optional.of(
                    withOffsets(new TimeExpression.Clock(timeOfDay(clock.group("time")), zone(clock)), clock));
        }
        Matcher dated = DATED.matcher(text);
        if (dated.matches()) {
            return Optional.of(withOffsets(dated(dated), dated));
        }
        Matcher epoch = EPOCH.matcher(text);
        if (epoch.matches()) {
            String fraction = epoch.group("fraction") == null ? "" : epoch.group("fraction");
            Instant instant = Instant.ofEpochSecond(
                    Long.parseLong(epoch.group("seconds")), Long.parseLong((fraction + "000000000").substring(0, 9)));
            return Optional.of(withOffsets(new TimeExpression.Absolute(instant), epoch));
        }
        Matcher change = CHANGE.matcher(text);
        if (change.matches()) {
            return Optional.of(withOffsets(beforeChange(text, change), change));
        }
        return Optional.empty();
    }

    private static TimeExpression beforeChange(String text, Matcher change) {
        String nth = change.group("nth");
        if (nth == null) {
            throw new TraversionException("\"" + text + "\" names an object, not a moment. Write " + text
                    + "~1 for the moment before its last change, " + text + "~2 for the one before that.");
        }
        int count = nth.isEmpty() ? 1 : Integer.parseInt(nth);
        if (count == 0) {
            throw new TraversionException(
                    "\"" + text + "\": changes are counted back from ~1, the last one. For its present state use now.");
        }
        return new TimeExpression.BeforeChange(change.group("type"), change.group("name"), count);
    }

    private static TimeExpression dated(Matcher dated) {
        LocalDate date = LocalDate.parse(dated.group("date"));
        LocalDateTime local =
                dated.group("time") == null ? date.atStartOfDay() : date.atTime(timeOfDay(dated.group("time")));
        Optional<ZoneOffset> offset = zone(dated);
        return offset.isPresent()
                ? new TimeExpression.Absolute(local.toInstant(offset.get()))
                : new TimeExpression.Local(local);
    }

    private static LocalTime timeOfDay(String text) {
        String padded = text.indexOf(':') == 1 ? "0" + text : text;
        return LocalTime.parse(padded.replace(',', '.'));
    }

    private static Optional<ZoneOffset> zone(Matcher matcher) {
        String zone = matcher.group("zone");
        return Optional.ofNullable(zone).map(z -> ZoneOffset.of(z.equals("z") ? "Z" : z));
    }

    private static TimeExpression withOffsets(TimeExpression base, Matcher matcher) {
        String offsets = matcher.group("offsets");
        if (offsets == null || offsets.isEmpty()) {
            return base;
        }
        Duration sum = Duration.ZERO;
        Matcher signed = SIGNED.matcher(offsets);
        while (signed.find()) {
            Duration duration = duration(signed.group(2));
            sum = signed.group(1).equals("-") ? sum.minus(duration) : sum.plus(duration);
        }
        return new TimeExpression.Offset(base, sum);
    }

    /**
     * Reads a duration such as {@code 10m} or {@code 1h30m}.
     *
     * @throws TraversionException if it is none
     */
    public static Duration parseDuration(String text) {
        if (!text.strip().matches(DURATION)) {
            throw new TraversionException("\"" + text + "\" is not a duration. Write it such as 30s, 10m or 1h30m.");
        }
        return duration(text.strip());
    }

    private static Duration duration(String text) {
        Duration sum = Duration.ZERO;
        Matcher term = TERM.matcher(text);
        while (term.find()) {
            Duration unit = UNITS.get(term.group(2)).getDuration();
            sum = sum.plus(unit.multipliedBy(Long.parseLong(term.group(1))));
        }
        return sum;
    }

    private static String reason(RuntimeException e) {
        return e.getMessage() == null ? "it is out of range" : e.getMessage();
    }

    private static TraversionException notATime(String text) {
        return new TraversionException("\"" + text + "\" is not a time. Write now, 10m, \"10m ago\", 14:03, 14:03:22,"
                + " 2026-01-31, 2026-01-31T14:03:22Z, @1769868202 or deploy/checkout~1, each with an offset"
                + " (14:03-30s) if you like.");
    }
}
