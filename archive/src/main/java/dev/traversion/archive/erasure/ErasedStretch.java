/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.coverage.Coverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A stretch of which something was erased. It stays observed, with that as its limit: whoever reads it is told.
 *
 * @param types of which there was something to erase
 * @param from ns, inclusive
 * @param to ns, exclusive
 */
record ErasedStretch(Set<ResourceType> types, long from, long to, String reason) {

    List<CoverageInterval> markIn(List<CoverageInterval> intervals) {
        List<CoverageInterval> marked = new ArrayList<>();
        for (CoverageInterval each : intervals) {
            boolean isTouched = each.observed()
                    && types.contains(each.type())
                    && each.from() < to
                    && each.to() > from
                    && !each.reason().contains(reason);
            if (!isTouched) {
                marked.add(each);
                continue;
            }
            long begin = Math.max(from, each.from());
            long end = Math.min(to, each.to());
            if (each.from() < begin) {
                marked.add(piece(each, each.from(), begin, "", each.reason()));
            }
            String both = each.reason().isEmpty() ? reason : reason + "; " + each.reason();
            marked.add(piece(each, begin, end, end == each.to() ? each.toVersion() : "", both));
            if (end < each.to()) {
                marked.add(piece(each, end, each.to(), each.toVersion(), each.reason()));
            }
        }
        return Coverage.merge(marked);
    }

    /** What a list began with is known of every piece. */
    private static CoverageInterval piece(CoverageInterval of, long from, long to, String toVersion, String reason) {
        return new CoverageInterval(of.type(), from, to, of.fromVersion(), toVersion, true, reason);
    }
}
