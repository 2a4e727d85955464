/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.retention;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.coverage.Coverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stretch that is not kept any more.
 *
 * @param from ns, inclusive
 * @param to ns, exclusive
 * @param reason of the gap
 */
record Forgotten(long from, long to, String reason) {

    private static final String PREFIX = "forgotten by retention: ";

    static Forgotten of(long from, long to, String why) {
        return new Forgotten(from, to, PREFIX + why);
    }

    /** Coverage with the stretch as a gap of every type that was known in it; the reasons of what was forgotten before stay. */
    List<CoverageInterval> cutFrom(List<CoverageInterval> intervals) {
        List<CoverageInterval> left = new ArrayList<>();
        Map<ResourceType, Long> begins = new TreeMap<>();
        for (CoverageInterval each : intervals) {
            boolean isTouched =
                    each.from() < to && each.to() > from && !each.reason().startsWith(PREFIX);
            if (!isTouched) {
                left.add(each);
                continue;
            }
            begins.merge(each.type(), Math.max(from, each.from()), Math::min);
            if (each.from() < from) {
                left.add(new CoverageInterval(
                        each.type(), each.from(), from, each.fromVersion(), "", each.observed(), each.reason()));
            }
            if (each.to() > to) {
                left.add(new CoverageInterval(
                        each.type(),
                        to,
                        each.to(),
                        each.fromVersion(),
                        each.toVersion(),
                        each.observed(),
                        each.reason()));
            }
        }
        begins.forEach((type, begin) -> left.add(new CoverageInterval(type, begin, to, "", "", false, reason)));
        return Coverage.merge(left);
    }
}
