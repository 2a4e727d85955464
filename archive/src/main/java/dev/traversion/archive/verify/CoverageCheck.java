/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.Times;
import dev.traversion.archive.part.PartFile;
import java.util.List;
import java.util.function.Consumer;

/** Checks that coverage does not contradict itself, nor what parts there are. Changes may lie outside of it: those of a list do. */
final class CoverageCheck {

    private CoverageCheck() {}

    /** What one file says must be in order, and must not contradict itself. */
    static void file(String path, List<CoverageInterval> intervals, Consumer<String> problems) {
        CoverageInterval last = null;
        for (CoverageInterval next : intervals) {
            if (next.from() >= next.to()) {
                problems.accept(
                        path + " contradicts itself: an interval of " + next.type() + " ends before it begins.");
            }
            int order = last == null ? -1 : last.type().compareTo(next.type());
            if (order > 0 || (order == 0 && last.to() > next.from())) {
                problems.accept(path + " contradicts itself: intervals of " + next.type() + " at "
                        + Times.instant(next.from()) + " overlap or are not in order.");
            }
            last = next;
        }
    }

    /** Of time between parts, which no part tells of, nothing may be said to have been observed. */
    static void holes(List<PartFile> parts, List<CoverageInterval> intervals, Consumer<String> problems) {
        for (int i = 1; i < parts.size(); i++) {
            long from = parts.get(i - 1).end();
            long to = parts.get(i).start();
            if (to <= from) {
                continue;
            }
            intervals.stream()
                    .filter(interval -> interval.observed() && interval.from() < to && interval.to() > from + 1)
                    .findFirst()
                    .ifPresent(interval -> problems.accept("From " + Times.instant(from) + " to " + Times.instant(to)
                            + " there is no part, but coverage says that " + interval.type() + " was observed."));
        }
    }
}
