/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.coverage;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

    /**
     * The intervals with a gap, whatever they said of that time.
     *
     * @param types that have the gap, beside those which the intervals tell of
     * @param from ns, inclusive
     * @param to ns, exclusive
     */
    public static List<CoverageInterval> withGap(
            List<CoverageInterval> intervals, Set<ResourceType> types, long from, long to, String reason) {
        List<CoverageInterval> all = new ArrayList<>();
        Set<ResourceType> gaps = new TreeSet<>(types);
        for (CoverageInterval each : intervals) {
            gaps.add(each.type());
            all.addAll(without(each, from, to));
        }
        gaps.forEach(type -> all.add(new CoverageInterval(type, from, to, "", "", false, reason)));
        return merge(all);
    }

    /** The intervals with gaps for all the time from {@code from} to {@code to} of which they say nothing. */
    public static List<CoverageInterval> withoutSilence(
            List<CoverageInterval> intervals, Set<ResourceType> types, long from, long to, String reason) {
        List<CoverageInterval> all = new ArrayList<>(intervals);
        for (ResourceType type : types) {
            long told = from;
            for (CoverageInterval each : merge(intervals)) {
                if (each.type().equals(type)) {
                    if (each.from() > told) {
                        all.add(new CoverageInterval(type, told, Math.min(to, each.from()), "", "", false, reason));
                    }
                    told = Math.max(told, each.to());
                }
            }
            if (told < to) {
                all.add(new CoverageInterval(type, told, to, "", "", false, reason));
            }
        }
        all.removeIf(each -> each.from() >= each.to());
        return merge(all);
    }

    /** Where intervals contradict each other, the gap is what counts. */
    public static List<CoverageInterval> disjoint(List<CoverageInterval> intervals) {
        List<CoverageInterval> sorted = new ArrayList<>(intervals);
        sorted.sort(Comparator.comparing(CoverageInterval::observed).thenComparing(ORDER));
        List<CoverageInterval> all = new ArrayList<>();
        for (CoverageInterval next : sorted) {
            List<CoverageInterval> pieces = List.of(next);
            for (CoverageInterval before : all) {
                if (before.type().equals(next.type())) {
                    pieces = pieces.stream()
                            .flatMap(piece -> without(piece, before.from(), before.to()).stream())
                            .toList();
                }
            }
            all.addAll(pieces);
        }
        return merge(all);
    }

    private static List<CoverageInterval> without(CoverageInterval interval, long from, long to) {
        if (interval.from() >= to || interval.to() <= from) {
            return List.of(interval);
        }
        List<CoverageInterval> left = new ArrayList<>();
        if (interval.from() < from) {
            left.add(new CoverageInterval(
                    interval.type(),
                    interval.from(),
                    from,
                    interval.fromVersion(),
                    "",
                    interval.observed(),
                    interval.reason()));
        }
        if (interval.to() > to) {
            left.add(new CoverageInterval(
                    interval.type(),
                    to,
                    interval.to(),
                    interval.fromVersion(),
                    interval.toVersion(),
                    interval.observed(),
                    interval.reason()));
        }
        return left;
    }

    private static boolean continues(CoverageInterval last, CoverageInterval next) {
        return last.type().equals(next.type())
                && last.observed() == next.observed()
                && last.reason().equals(next.reason())
                && next.from() <= last.to();
    }
}
