/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and shares as users write them. */
final class Sizes {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(Ki|Mi|Gi|Ti)");
    private static final Map<String, Integer> SHIFTS = Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40);
    private static final Pattern SHARE = Pattern.compile("([1-9]\\d?)%");

    private Sizes() {}

    /** @throws TraversionException if the text is no size */
    static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new TraversionException("\"" + text + "\" is not a size. Write it such as 500Mi or 50Gi.");
        }
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << SHIFTS.get(matcher.group(2)));
    }

    /** A number of bytes for people, such as {@code 1.2 GiB}. */
    static String text(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int power = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        return String.format(Locale.ROOT, "%.1f %siB", bytes / Math.pow(1024, power), "KMGTPE".charAt(power - 1));
    }

    /** @throws TraversionException if the text is no share */
    static int percent(String text) {
        Matcher matcher = SHARE.matcher(text);
        if (!matcher.matches()) {
            throw new TraversionException("\"" + text + "\" is not a share. Write it such as 80%, from 1% to 99%.");
        }
        return Integer.parseInt(matcher.group(1));
    }
}
