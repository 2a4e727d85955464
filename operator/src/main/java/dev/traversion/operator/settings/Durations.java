/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.settings;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as custom resources write them, such as {@code 12h} or {@code 1w2d}. */
public final class Durations {

    private static final Pattern TERM = Pattern.compile("(\\d+)([smhdw])");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    private Durations() {}

    /** @param text which the API server has checked */
    public static Duration parse(String text) {
        Duration sum = Duration.ZERO;
        Matcher term = TERM.matcher(text);
        while (term.find()) {
            sum = sum.plus(UNITS.get(term.group(2)).multipliedBy(Long.parseLong(term.group(1))));
        }
        return sum;
    }
}
