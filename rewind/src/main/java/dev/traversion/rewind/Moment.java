/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import dev.traversion.archive.TraversionException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as it stands in a URL: a fixed instant, or {@code now}, which moves with the recording. */
public sealed interface Moment {

    /** A fixed instant, ns since the epoch. */
    record Fixed(long nanos) implements Moment {
        @Override
        public String toString() {
            return format(nanos);
        }
    }

    /** The newest instant recorded, found anew for each request. */
    record Now() implements Moment {
        @Override
        public String toString() {
            return "now";
        }
    }

    Pattern EPOCH = Pattern.compile("@(\\d{1,10})(?:\\.(\\d{1,9}))?");

    /**
     * Reads {@code now}, RFC 3339 in UTC with up to nanoseconds, or {@code @<epoch seconds>[.fraction]}.
     *
     * @throws TraversionException if it is none of these
     */
    static Moment parse(String text) {
        if (text.equals("now")) {
            return new Now();
        }
        try {
            Matcher epoch = EPOCH.matcher(text);
            if (epoch.matches()) {
                String fraction = epoch.group(2) == null ? "" : epoch.group(2);
                long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
                return new Fixed(nanos(Instant.ofEpochSecond(Long.parseLong(epoch.group(1)), nanos)));
            }
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getOffset().equals(ZoneOffset.UTC)) {
                return new Fixed(nanos(time.toInstant()));
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw notATime(text, e);
        }
        throw notATime(text, null);
    }

    private static TraversionException notATime(String text, Exception cause) {
        return new TraversionException(
                "\"" + text
                        + "\" is not a time: use RFC 3339 in UTC such as 2026-01-31T14:03:22Z, @<epoch seconds>, or now",
                cause);
    }

    /** Nanoseconds since the epoch. */
    static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /** RFC 3339 in UTC with as many fractional digits as it needs. */
    static String format(long nanos) {
        return instant(nanos).toString();
    }
}
