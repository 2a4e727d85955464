/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.CoverageMark.Kind;
import dev.traversion.archive.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageFoldsTest {

    private static final ResourceType PODS = new ResourceType("", "pods");

    private final CoverageFolds folds = new CoverageFolds();

    @Test
    void whoHandedATypeOverHasNoMoreToSayOfIt() {
        mark("b", Kind.OPENED, 1);
        mark("b", Kind.HANDED_OVER, 10);
        mark("a", Kind.OPENED, 12);
        mark("a", Kind.CONFIRMED, 20);
        assertThat(folds.intervals(Long.MAX_VALUE, true))
                .extracting(each -> each.from() + "-" + each.to())
                .containsExactly("1-10", "12-" + Long.MAX_VALUE);
        assertThat(folds.of("b").state()).isEmpty();
    }

    @Test
    void whatADeadRecorderObservedEndsWhereItWasConfirmedOnceAnotherSpeaks() {
        mark("a", Kind.OPENED, 1);
        mark("a", Kind.CONFIRMED, 9);
        mark("b", Kind.GAP, 10);
        mark("b", Kind.OPENED, 12);
        assertThat(folds.intervals(Long.MAX_VALUE, true))
                .extracting(each -> each.from() + "-" + each.to() + " " + each.observed())
                .containsExactly("1-10 true", "10-12 false", "12-" + Long.MAX_VALUE + " true");
    }

    @Test
    void theGapOfADeadRecorderEndsWhenAnotherSpeaks() {
        mark("z", Kind.GAP, 5);
        mark("a", Kind.OPENED, 12);
        assertThat(folds.intervals(30, false))
                .extracting(each -> each.from() + "-" + each.to() + " " + each.observed())
                .containsExactly("5-12 false", "12-13 true");
    }

    /** As when rules change: one recorder has begun anew with them, the other one ends that still recorded by the old ones. */
    @Test
    void whoEndsAsIntendedLeavesTheReasonToWhoKnowsIt() {
        mark("b", Kind.GAP, 5);
        mark("a", Kind.OPENED, 6);
        mark("a", Kind.CONFIRMED, 19);
        stop("a", 20);
        assertThat(reasons(30)).containsExactly("5-6 why", "6-20 ", "20-30 why");
        mark("a", Kind.GAP, 25);
        assertThat(reasons(30)).endsWith("25-30 why");
    }

    @Test
    void whereNobodyKnowsMoreItWasStopped() {
        mark("b", Kind.OPENED, 5);
        stop("b", 10);
        mark("a", Kind.OPENED, 12);
        stop("a", 20);
        assertThat(reasons(30)).endsWith("20-30 " + CoverageMark.STOPPED);
    }

    private List<String> reasons(long until) {
        return folds.intervals(until, true).stream()
                .map(each -> each.from() + "-" + each.to() + " " + each.reason())
                .toList();
    }

    private void stop(String writer, long at) {
        folds.of(writer).add(new CoverageMark(PODS, Kind.CLOSED, at, "", CoverageMark.STOPPED));
    }

    private void mark(String writer, Kind kind, long at) {
        folds.of(writer).add(new CoverageMark(PODS, kind, at, Long.toString(at), kind == Kind.GAP ? "why" : ""));
    }
}
