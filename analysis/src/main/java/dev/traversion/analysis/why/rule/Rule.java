/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A way in which one thing causes another in Kubernetes. Knows no image, application or name. */
public interface Rule {

    /** Effects show up to so much before their causes: Kubernetes writes whole seconds, ns. */
    long SLACK = 2_000_000_000L;

    /** What logs say of any line. */
    Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "warning", "error", "fatal", "panic");

    /** What messages say of anything, but for those that quote it. */
    Set<String> USUAL = Set.of("true", "false", "null", "none");

    /** Such as {@code container-image}. */
    String name();

    /** A sentence for the catalogue: what causes what, and when it counts as proved. */
    String says();

    /** The troubles it explains. */
    Set<What> explains();

    /** What may have caused a trouble; empty if this rule does not apply. */
    List<Link> back(World world, Trouble trouble);

    /** Whether a message has a value of more than two characters as a whole, not as a part of a longer word, and not by chance. */
    static boolean names(String text, String value) {
        String word = value.toLowerCase(Locale.ROOT);
        if (!value.isEmpty() && !LEVELS.contains(word) && text.contains('"' + value + '"')) {
            return true;
        }
        if (LEVELS.contains(word) || USUAL.contains(word)) {
            return false;
        }
        for (int at = text.indexOf(value); at >= 0 && value.length() > 2; at = text.indexOf(value, at + 1)) {
            int end = at + value.length();
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }

    /** Whether something was there in time to cause a trouble. */
    static boolean precedes(long cause, Trouble trouble) {
        return cause <= trouble.from() + SLACK;
    }
}
