/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.status;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How completely one resource is recorded, seen from the end of a recording.
 *
 * @param confirmed up to when every change of it is known to be recorded, ns; {@link Long#MIN_VALUE} if it never was
 * @param lastChange when its last change was observed, ns; empty if there was none
 * @param covered which part of the stretch looked at was observed, 0 to 1
 * @param gaps in that stretch; the end of a recording is none
 * @param reason why it is no plain observation; {@code ""} if it is
 */
public record TypeStatus(
        ResourceType type,
        State state,
        long confirmed,
        OptionalLong lastChange,
        double covered,
        int gaps,
        String reason) {

    /** The states, from the worst to the best. */
    public enum State {
        /** Changes are missing now. */
        GAP,
        /** All that comes is recorded, but it proves nothing. */
        BEST_EFFORT,
        /** Nobody records any more, as intended. */
        STOPPED,
        OBSERVED
    }

    /** A stream speaks every few seconds. */
    private static final long SILENCE = 6_000_000_000L;

    /**
     * The status of every type that was ever recorded, the worst first.
     *
     * @param from the beginning of the stretch to look at, ns; it ends with the recording
     */
    public static List<TypeStatus> of(History history, long from) {
        SortedSet<ResourceType> types = new TreeSet<>(history.types(history.end()));
        history.coverage(null, history.start(), history.end()).forEach(interval -> types.add(interval.type()));
        List<TypeStatus> all = new ArrayList<>();
        for (ResourceType type : types) {
            all.add(of(history, type, Math.max(from, history.start())));
        }
        all.sort(Comparator.comparing(TypeStatus::state).thenComparing(TypeStatus::type));
        return all;
    }

    private static TypeStatus of(History history, ResourceType type, long from) {
        long end = history.end();
        long observed = 0;
        long confirmed = Long.MIN_VALUE;
        int gaps = 0;
        CoverageInterval last = null;
        boolean isBroken = false;
        String gap = "nothing was recording";
        for (CoverageInterval interval : history.coverage(type, history.start(), end)) {
            long to = Math.min(interval.to(), end);
            boolean isInside = to > from;
            if (interval.observed()) {
                observed += isInside ? to - Math.max(interval.from(), from) : 0;
                confirmed = Math.max(confirmed, to);
                last = interval;
                isBroken = false;
            } else {
                isBroken = interval.to() >= end && !interval.reason().equals(CoverageMark.STOPPED);
                boolean isMeant = interval.reason().equals(CoverageMark.STOPPED);
                gaps += isInside && !isMeant ? 1 : 0;
                gap = interval.reason();
            }
        }
        boolean isObserved = last != null && !isBroken && confirmed >= end - SILENCE;
        boolean isWhole =
                isObserved && NamespaceSelection.withoutSelection(last.reason()).isEmpty();
        State state = !history.live() && (isObserved || (!isBroken && gap.equals(CoverageMark.STOPPED)))
                ? State.STOPPED
                : !isObserved ? State.GAP : isWhole ? State.OBSERVED : State.BEST_EFFORT;
        String reason = isObserved ? last.reason() : state == State.STOPPED ? "" : gap;
        double covered = end > from ? Math.min(1, (double) observed / (end - from)) : isObserved ? 1 : 0;
        return new TypeStatus(type, state, confirmed, history.lastChange(type), covered, gaps, reason);
    }
}
