/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.coverage;

import dev.traversion.archive.CoverageInterval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Intervals of coverage as a whole. */
public final class Coverage {

    private static final Comparator<CoverageInterval> ORDER = Comparator.comparing(CoverageInterval::type)
            .thenComparingLong(CoverageInterval::from)
            .thenComparingLong(CoverageInterval::to);

    private Coverage() {}

    /** Sorts by type and time, and makes one of those that say the same and touch: a log's segments repeat what goes on. */
    public static List<CoverageInterval> merge(List<CoverageInterval> intervals) {
        List<CoverageInterval> sorted = new ArrayList<>(intervals);
        sorted.sort(ORDER);
        List<CoverageInterval> merged = new ArrayList<>();
        for (CoverageInterval next : sorted) {
            CoverageInterval last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && continues(last, next)) {
                boolean longer = next.to() > last.to();
                merged.set(
                        merged.size() - 1,
                        new CoverageInterval(
                                last.type(),
                                last.from(),
                                longer ? next.to() : last.to(),
                                last.fromVersion(),
                                longer ? next.toVersion() : last.toVersion(),
                                last.observed(),
                                last.reason()));
            } else {
                merged.add(next);
            }
        }
        return List.copyOf(merged);
    }

    private static boolean continues(CoverageInterval last, CoverageInterval next) {
        return last.type().equals(next.type())
                && last.observed() == next.observed()
                && last.reason().equals(next.reason())
                && next.from() <= last.to();
    }
}
