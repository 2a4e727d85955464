/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.coverage;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.coverage.CoverageFold.Open;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the logs of several recorders say of coverage. Each log is folded on its own, since each repeats what it knows; of a type the
 * one who began to speak of it last has the word. For one thread.
 */
public final class CoverageFolds {

    private final Map<String, CoverageFold> folds = new TreeMap<>();

    /** What a writer says. */
    public CoverageFold of(String writer) {
        return folds.computeIfAbsent(writer, any -> new CoverageFold());
    }

    /**
     * All intervals up to now, by type and time.
     *
     * @param until as in {@link CoverageFold#intervals}
     * @param live likewise
     */
    public List<CoverageInterval> intervals(long until, boolean live) {
        if (folds.size() == 1) {
            return folds.values().iterator().next().intervals(until, live);
        }
        Map<ResourceType, Long> last = new HashMap<>();
        List<CoverageInterval> all = new ArrayList<>();
        for (CoverageFold fold : folds.values()) {
            all.addAll(fold.ended());
            fold.ended().forEach(interval -> last.merge(interval.type(), interval.from(), Math::max));
            fold.open().forEach((type, open) -> last.merge(type, open.from(), Math::max));
        }
        for (CoverageFold fold : folds.values()) {
            fold.open().forEach((type, open) -> {
                if (open.from() >= last.get(type)) {
                    CoverageFold.addTo(all, open, until, live, reason(type, open));
                } else {
                    // Another one took over: a gap lasted until then, an observation as far as it was confirmed.
                    CoverageFold.addTo(all, open, firstAfter(type, open), false, open.since.reason());
                }
            });
        }
        return Coverage.merge(all);
    }

    /** Who ended as intended knows nothing of what is after that: another one that says why the type is not recorded does. */
    private String reason(ResourceType type, Open last) {
        if (last.since.reason().equals(CoverageMark.STOPPED)) {
            for (CoverageFold fold : folds.values()) {
                Open other = fold.open().get(type);
                if (other != null && other.isGap() && !other.since.reason().equals(CoverageMark.STOPPED)) {
                    return other.since.reason();
                }
            }
        }
        return last.since.reason();
    }

    /** When somebody first spoke of a type after an observation, or a gap, had begun. */
    private long firstAfter(ResourceType type, Open before) {
        long first = Long.MAX_VALUE;
        for (CoverageFold fold : folds.values()) {
            Open open = fold.open().get(type);
            if (open != null && open.from() > before.from()) {
                first = Math.min(first, open.from());
            }
            for (CoverageInterval interval : fold.ended()) {
                if (interval.type().equals(type) && interval.from() > before.from()) {
                    first = Math.min(first, interval.from());
                }
            }
        }
        return first;
    }
}
