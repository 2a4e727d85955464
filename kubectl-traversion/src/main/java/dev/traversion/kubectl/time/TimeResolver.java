/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.time;

import dev.traversion.archive.TraversionException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Locale;

/**
 * Finds the instant a TIME means. Times relative to the clock are cut to whole seconds, now to milliseconds, so that what is echoed
 * is what was used.
 */
public final class TimeResolver {

    /** How far the end of a recording that goes on may lie behind the clock. */
    private static final Duration LAG = Duration.ofSeconds(10);

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private final Clock clock;
    private final ZoneId zone;

    /** @param zone of times written without one */
    public TimeResolver(Clock clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    /**
     * The instant a time means, which lies within the recording.
     *
     * @throws TraversionException if it lies outside, or if there are two or none
     */
    public Instant resolve(TimeExpression time, Recorded recorded) {
        return within(recorded, instant(time, recorded));
    }

    private Instant instant(TimeExpression time, Recorded recorded) {
        try {
            return switch (time) {
                case TimeExpression.Now now -> newest(recorded);
                case TimeExpression.Ago ago ->
                    clock.instant().minus(ago.duration()).truncatedTo(ChronoUnit.SECONDS);
                case TimeExpression.Clock of -> mostRecent(of);
                case TimeExpression.Local local -> local(local.time());
                case TimeExpression.Absolute absolute -> absolute.instant();
                case TimeExpression.BeforeChange change ->
                    recorded.beforeChange(change.type(), change.name(), change.nth());
                case TimeExpression.Offset offset ->
                    instant(offset.base(), recorded).plus(offset.duration());
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw new TraversionException("That time lies too far away. " + range(recorded), e);
        }
    }

    private static Instant newest(Recorded recorded) {
        Instant end = recorded.end().truncatedTo(ChronoUnit.MILLIS);
        return end.isBefore(recorded.start()) ? recorded.end() : end;
    }

    private Instant mostRecent(TimeExpression.Clock of) {
        Instant now = clock.instant();
        ZoneId written = of.offset().isPresent() ? of.offset().get() : zone;
        LocalDate today = ZonedDateTime.ofInstant(now, written).toLocalDate();
        LocalDateTime time = today.atTime(of.time());
        boolean isFuture = time.isAfter(LocalDateTime.ofInstant(now, written));
        LocalDateTime recent = isFuture ? time.minusDays(1) : time;
        return of.offset().isPresent() ? recent.toInstant(of.offset().get()) : local(recent);
    }

    private Instant local(LocalDateTime time) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        if (offsets.size() == 1) {
            return time.toInstant(offsets.getFirst());
        }
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        Instant before = time.toInstant(change.getOffsetBefore());
        Instant after = time.toInstant(change.getOffsetAfter());
        String what = offsets.isEmpty()
                ? " does not exist in " + zone + ": clocks were put forward then. Say which instant you mean: "
                : " happened twice in " + zone + ": clocks were put back then. Say which instant you mean: ";
        Instant first = before.isBefore(after) ? before : after;
        throw new TraversionException(
                LOCAL.format(time) + what + first + " or " + (first.equals(before) ? after : before) + ".");
    }

    private Instant within(Recorded recorded, Instant instant) {
        Instant now = clock.instant();
        if (instant.isBefore(recorded.start())) {
            String reason = recorded.reasonBefore(instant);
            throw new TraversionException(MomentText.full(instant)
                    + (reason.isEmpty()
                            ? " is before the recording. "
                            : " is not in the recording any more: " + reason + ". ")
                    + range(recorded));
        }
        if (!instant.isAfter(recorded.end())) {
            return instant;
        }
        // What is not known yet could still change: of a recording that goes on, the newest known instant is meant.
        if (recorded.live()
                && !instant.isAfter(now)
                && instant.isBefore(recorded.end().plus(LAG))) {
            return newest(recorded);
        }
        if (instant.isAfter(now)) {
            throw new TraversionException(MomentText.full(instant) + " is in the future; it is now "
                    + MomentText.full(now.truncatedTo(ChronoUnit.SECONDS)) + ". " + range(recorded));
        }
        throw new TraversionException(MomentText.full(instant) + " is after the recording. " + range(recorded));
    }

    private static String range(Recorded recorded) {
        return "It reaches from "
                + MomentText.full(
                        recorded.start().truncatedTo(ChronoUnit.SECONDS).isBefore(recorded.start())
                                ? recorded.start()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .plusSeconds(1)
                                : recorded.start())
                + " to " + MomentText.full(recorded.end().truncatedTo(ChronoUnit.SECONDS))
                + (recorded.live() ? " (still recording)." : ".");
    }
}
