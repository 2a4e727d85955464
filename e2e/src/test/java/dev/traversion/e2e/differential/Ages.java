/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text of kubectl, its ages apart from all else. As an age may take more room than it did a second before, so many spaces count as
 * one.
 */
record Ages(String rest, List<Age> ages) {

    private static final Pattern AGE =
            Pattern.compile("(?<![\\w.-])(?=\\d)(\\d+y)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(?![\\w.-])");
    private static final long[] SECONDS = {365 * 86_400L, 86_400, 3_600, 60, 1};

    /** The end of a recording is a moment ago. */
    private static final long LAG = 5;

    /**
     * @param seconds at least
     * @param grain the unit it is cut to
     */
    record Age(long seconds, long grain) {}

    static Ages of(String text) {
        List<Age> ages = new ArrayList<>();
        Matcher matcher = AGE.matcher(text);
        StringBuilder rest = new StringBuilder();
        while (matcher.find()) {
            long seconds = 0;
            long grain = 1;
            for (int i = 0; i < SECONDS.length; i++) {
                String part = matcher.group(i + 1);
                if (part != null) {
                    seconds += Long.parseLong(part.substring(0, part.length() - 1)) * SECONDS[i];
                    grain = SECONDS[i];
                }
            }
            ages.add(new Age(seconds, grain));
            matcher.appendReplacement(rest, "AGE");
        }
        matcher.appendTail(rest);
        return new Ages(rest.toString().replaceAll(" +", " "), ages);
    }

    /** Whether this may have been printed between two others. */
    boolean isBetween(Ages before, Ages after) {
        if (!rest.equals(before.rest)
                || !rest.equals(after.rest)
                || ages.size() != before.ages.size()
                || ages.size() != after.ages.size()) {
            return false;
        }
        for (int i = 0; i < ages.size(); i++) {
            Age age = ages.get(i);
            if (age.seconds > after.ages.get(i).seconds
                    || age.seconds + age.grain - 1 + LAG < before.ages.get(i).seconds) {
                return false;
            }
        }
        return true;
    }
}
