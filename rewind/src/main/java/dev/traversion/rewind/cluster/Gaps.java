/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.erasure.Erasure;
import dev.traversion.rewind.Moment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Says where a recording does not know what it shows. */
public final class Gaps {

    /** What {@link #completeness} says where nothing is missing. */
    public static final String COMPLETE = "complete";

    /** Types stop being observed one after another when a recorder stops; that is no gap at the end. */
    private static final long STOPPING = 5_000_000_000L;

    /** What is named of many incomplete types. */
    private static final int NAMED = 2;

    private static final String PREFIX = "traversion: ";

    private Gaps() {}

    /**
     * {@code complete}, or {@code incomplete: } and why, of some types, as they are stored, or of all if there are none.
     *
     * @param namespace asked for; {@code ""} for all
     */
    public static String completeness(History history, Collection<ResourceType> asked, String namespace, long time) {
        List<String> reasons = new ArrayList<>();
        for (ResourceType type : asked.isEmpty() ? history.types(time) : asked) {
            warning(history, type, namespace, time)
                    .map(sentence -> sentence.startsWith(PREFIX) ? sentence.substring(PREFIX.length()) : sentence)
                    .ifPresent(reasons::add);
        }
        if (reasons.isEmpty()) {
            return COMPLETE;
        }
        String more = reasons.size() > NAMED ? "; and " + (reasons.size() - NAMED) + " more" : "";
        return "incomplete: " + String.join("; ", reasons.subList(0, Math.min(NAMED, reasons.size()))) + more;
    }

    /**
     * The sentence a client is to be warned with; empty if the type was observed at {@code time}.
     *
     * @param namespace asked for; {@code ""} for all
     */
    public static Optional<String> warning(History history, ResourceType type, String namespace, long time) {
        for (CoverageInterval interval : history.coverage(type, time, time)) {
            if (interval.observed() && interval.from() <= time && time <= interval.to()) {
                if (interval.reason().startsWith(Erasure.REASON)
                        || interval.reason().startsWith(Erasure.VALUE_REASON)) {
                    return Optional.of(
                            "traversion: of " + type + " at this time something is missing: " + interval.reason());
                }
                return limitation(interval, namespace);
            }
        }
        CoverageInterval before = null;
        CoverageInterval gap = null;
        CoverageInterval after = null;
        for (CoverageInterval interval : history.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE)) {
            if (!interval.observed()) {
                gap = interval.from() <= time && time < interval.to() ? interval : gap;
            } else if (interval.to() <= time) {
                before = interval;
            } else if (after == null) {
                after = interval;
            }
        }
        boolean isStopped = gap == null || gap.reason().equals(CoverageMark.STOPPED);
        if (before != null && isStopped && after == null && history.end() - before.to() <= STOPPING) {
            return Optional.empty();
        }
        String reason = gap != null && !gap.reason().isEmpty() ? gap.reason() : "nothing was recording";
        if (before == null && after == null) {
            return Optional.of("traversion: " + type + " was never recorded: " + reason + "; nothing is known of it");
        }
        if (before == null) {
            return Optional.of("traversion: " + type + " was not observed before " + Moment.format(after.from()) + ": "
                    + reason + "; nothing is known of it at this time");
        }
        return Optional.of("traversion: " + type + " was not observed from " + Moment.format(before.to())
                + (after == null ? "" : " to " + Moment.format(after.from())) + ": " + reason
                + "; showing the last known state as of " + Moment.format(before.to()));
    }

    /** What is known of a stretch in which the type was observed, but not as well as can be. */
    private static Optional<String> limitation(CoverageInterval interval, String namespace) {
        Optional<NamespaceSelection> selection = NamespaceSelection.of(interval.reason());
        if (selection.isPresent() && !namespace.isEmpty() && !selection.get().isRecorded(namespace)) {
            return Optional.of("traversion: " + interval.type() + " is not recorded in the namespace " + namespace
                    + " (" + selection.get().limit() + "); nothing is known of it");
        }
        String limit = NamespaceSelection.withoutSelection(interval.reason());
        if (!limit.isEmpty()) {
            return Optional.of(
                    "traversion: " + interval.type() + " is recorded with " + limit + "; changes may be missing");
        }
        return selection.isEmpty() || !namespace.isEmpty()
                ? Optional.empty()
                : Optional.of("traversion: " + interval.type() + " is not recorded in every namespace ("
                        + selection.get().limit() + ")");
    }
}
