/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Trait;
import dev.traversion.rewind.json.Body;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/** All that an index tells of the body of a version: how the object was, and since when there was one. */
final class Vitals {

    /** See {@link #health} and {@link #created}. */
    static final Trait TRAIT = Vitals::of;

    private static final int HEALTH_BITS = 8;

    /** A buffer for each thread that reads parts: they are few, and versions are many. */
    private static final ThreadLocal<Body> BODY = ThreadLocal.withInitial(Body::new);

    private Vitals() {}

    private static long of(ObjectVersion version) throws IOException {
        if (version.operation() == Operation.DELETED) {
            return Health.ABSENT & 0xFF;
        }
        Health health = new Health(BODY.get().read(version, false));
        return (seconds(health.created()) << HEALTH_BITS)
                | (health.of(version.key().type()) & 0xFF);
    }

    /** @return s since the epoch; 0 of what is no time, and of what is before it */
    static long seconds(String created) {
        try {
            return created.isEmpty() ? 0 : Math.max(0, parse(created));
        } catch (DateTimeException | NumberFormatException e) {
            return 0;
        }
    }

    /** By hand as API servers write it, {@code 2026-01-31T14:03:22Z}: to parse it in general takes half the time of a trait. */
    private static long parse(String created) {
        if (created.length() != 20 || created.charAt(19) != 'Z') {
            return Instant.parse(created).getEpochSecond();
        }
        long days = LocalDate.of(digits(created, 0, 4), digits(created, 5, 7), digits(created, 8, 10))
                .toEpochDay();
        int seconds = digits(created, 11, 13) * 3600 + digits(created, 14, 16) * 60 + digits(created, 17, 19);
        return days * 86_400 + seconds;
    }

    private static int digits(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /** One of {@link Health}; {@link Health#ABSENT} of a deletion. */
    static byte health(ObjectVersion version) throws IOException {
        return (byte) version.trait(TRAIT);
    }

    /** When the object was created, s since the epoch; 0 if it is not known. */
    static long created(ObjectVersion version) throws IOException {
        return version.trait(TRAIT) >>> HEALTH_BITS;
    }
}
