/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.part.PartFile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageCheckTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType NODES = new ResourceType("", "nodes");

    private final List<String> problems = new ArrayList<>();

    private static CoverageInterval interval(ResourceType type, long from, long to, boolean observed) {
        return new CoverageInterval(type, from, to, "", "", observed, observed ? "" : "forbidden");
    }

    @Test
    void intervalsOfAFileAreInOrderAndDoNotOverlap() {
        CoverageCheck.file(
                "ok",
                List.of(interval(NODES, 5, 9, true), interval(PODS, 1, 3, true), interval(PODS, 3, 9, false)),
                problems::add);
        assertThat(problems).isEmpty();
        CoverageCheck.file("overlap", List.of(interval(PODS, 1, 4, true), interval(PODS, 3, 9, false)), problems::add);
        CoverageCheck.file("order", List.of(interval(PODS, 1, 4, true), interval(NODES, 1, 4, true)), problems::add);
        CoverageCheck.file("empty", List.of(interval(PODS, 4, 4, true)), problems::add);
        assertThat(problems).hasSize(3).allMatch(problem -> problem.contains("contradicts itself"));
    }

    @Test
    void timeOfWhichNoPartTellsIsNotObserved() {
        List<PartFile> parts = List.of(
                new PartFile("a", 0, 10, 1, 1), new PartFile("b", 10, 20, 1, 1), new PartFile("c", 30, 40, 1, 1));
        List<CoverageInterval> told =
                List.of(interval(PODS, 0, 21, true), interval(PODS, 21, 30, false), interval(PODS, 30, 41, true));
        CoverageCheck.holes(parts, told, problems::add);
        assertThat(problems).isEmpty();
        CoverageCheck.holes(parts, List.of(interval(PODS, 0, 22, true)), problems::add);
        assertThat(problems).singleElement().asString().contains("there is no part");
    }
}
