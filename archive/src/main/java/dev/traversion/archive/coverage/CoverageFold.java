/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.coverage;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Folds a recorder's marks, in their order, into intervals. For one thread. */
public final class CoverageFold {

    /** The last interval of a type, which later marks may extend. */
    static final class Open {
        final CoverageMark since;
        private long confirmed;
        private String version;

        Open(CoverageMark since) {
            this.since = since;
            this.confirmed = since.at();
            this.version = since.resourceVersion();
        }

        long from() {
            return since.at();
        }

        boolean isGap() {
            return since.kind() == CoverageMark.Kind.GAP || since.kind() == CoverageMark.Kind.CLOSED;
        }
    }

    private final List<CoverageInterval> ended = new ArrayList<>();
    private final Map<ResourceType, Open> open = new TreeMap<>();

    public void add(CoverageMark mark) {
        Open last = open.get(mark.type());
        switch (mark.kind()) {
            case CONFIRMED -> {
                if (last == null || last.isGap()) {
                    return;
                }
                last.confirmed = Math.max(last.confirmed, mark.at());
                if (!mark.resourceVersion().isEmpty()) {
                    last.version = mark.resourceVersion();
                }
            }
            case OPENED -> {
                end(last, mark.at(), false);
                open.put(mark.type(), new Open(mark));
            }
            case CLOSED, GAP -> {
                end(last, mark.at(), mark.kind() == CoverageMark.Kind.CLOSED);
                open.put(mark.type(), new Open(mark));
            }
            case HANDED_OVER -> {
                end(last, mark.at(), true);
                open.remove(mark.type());
            }
        }
    }

    /** A change that was seen says that everything before it was. */
    public void changed(ResourceType type, long at) {
        Open last = open.get(type);
        if (last != null && !last.isGap()) {
            last.confirmed = Math.max(last.confirmed, at);
        }
    }

    /**
     * All intervals up to now, by type and time.
     *
     * @param until where gaps that last are cut off, ns; {@link Long#MAX_VALUE} leaves them open
     * @param live whether what is being observed goes on: such intervals are then open as well, else they end just after they
     *     were last confirmed
     */
    public List<CoverageInterval> intervals(long until, boolean live) {
        List<CoverageInterval> all = new ArrayList<>(ended);
        open.values().forEach(last -> addTo(all, last, until, live, last.since.reason()));
        return Coverage.merge(all);
    }

    /** What does not change any more. */
    List<CoverageInterval> ended() {
        return ended;
    }

    /** What later marks may extend, by type. */
    Map<ResourceType, Open> open() {
        return open;
    }

    static void addTo(List<CoverageInterval> all, Open last, long until, boolean live, String reason) {
        long to = last.isGap() ? until : live ? Long.MAX_VALUE : last.confirmed + 1;
        if (to > last.from()) {
            all.add(interval(last, to, reason));
        }
    }

    /** A mark for each type which, at the start of another log, says what this one says at its end. */
    public List<CoverageMark> state() {
        List<CoverageMark> marks = new ArrayList<>();
        open.forEach((type, last) -> marks.add(
                last.isGap()
                        ? new CoverageMark(type, CoverageMark.Kind.GAP, last.confirmed, "", last.since.reason())
                        : new CoverageMark(
                                type, CoverageMark.Kind.OPENED, last.confirmed, last.version, last.since.reason())));
        return marks;
    }

    /** Without a mark that says how far it reached, an observed interval ends just after it was last confirmed. */
    private void end(Open last, long at, boolean confirmed) {
        if (last == null) {
            return;
        }
        long to = last.isGap() || confirmed ? at : Math.min(at, last.confirmed + 1);
        if (to > last.since.at()) {
            ended.add(interval(last, to, last.since.reason()));
        }
    }

    private static CoverageInterval interval(Open last, long to, String reason) {
        return last.isGap()
                ? new CoverageInterval(last.since.type(), last.since.at(), to, "", "", false, reason)
                : new CoverageInterval(
                        last.since.type(),
                        last.since.at(),
                        to,
                        last.since.resourceVersion(),
                        last.version,
                        true,
                        reason);
    }
}
