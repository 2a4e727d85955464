/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastLinesTest {

    private static NodeRow row(long logged, String container, long restart, String stream, String line) {
        int columns = LandingTable.LOGS.columns().size();
        NodeRow row = new NodeRow(LandingTable.LOGS, "n1", 0, new long[columns], new String[columns]);
        row.numbers()[LandingTable.LOGS.column("logged")] = logged;
        row.numbers()[LandingTable.LOGS.column("restart")] = restart;
        row.texts()[LandingTable.LOGS.column("container")] = container;
        row.texts()[LandingTable.LOGS.column("stream")] = stream;
        row.texts()[LandingTable.LOGS.column("line")] = line;
        return row;
    }

    private static List<String> lines(NodeRow... rows) {
        LastLines lines = new LastLines("web", 1);
        List.of(rows).forEach(lines);
        return lines.lines();
    }

    @Test
    void theLastLinesOfOneRunOfAContainerAreKeptInOrderAndOnlyOnce() {
        List<NodeRow> rows = new ArrayList<>();
        for (int i = 9; i > 0; i--) {
            rows.add(row(i, "web", 1, i % 2 == 0 ? "stdout" : "stderr", "line " + i));
        }
        rows.add(rows.getFirst());
        rows.add(row(20, "web", 2, "stdout", "next run"));
        rows.add(row(20, "other", 1, "stdout", "another one"));
        rows.add(row(20, "web", 1, "agent", "no line"));
        assertThat(lines(rows.toArray(NodeRow[]::new)))
                .containsExactly("line 5", "line 6", "line 7", "line 8", "line 9");
    }

    @Test
    void coloursAndWhatATerminalObeysAreLeftOutAndLongLinesAreCutBetweenCharacters() {
        assertThat(lines(row(1, "web", 1, "stderr", "\u001b[1;31mERROR\u001b[0m bad\u0007 mode\r")))
                .containsExactly("ERROR bad mode");
        assertThat(lines(row(1, "web", 1, "stdout", "x".repeat(499) + "\ud83d\ude00y")))
                .containsExactly("x".repeat(499));
    }

    @Test
    void whatAProgramComplainsOfIsKeptBeforeWhatItTellsOfItsUse() {
        List<NodeRow> rows = new ArrayList<>();
        rows.add(row(1, "web", 1, "stdout", "begins"));
        rows.add(row(2, "web", 1, "stderr", "flag provided but not defined: -colour"));
        for (int i = 3; i < 10; i++) {
            rows.add(row(i, "web", 1, "stderr", "  -timeout" + i + " how long it takes until a timeout"));
        }
        assertThat(lines(rows.toArray(NodeRow[]::new)))
                .hasSize(6)
                .startsWith("flag provided but not defined: -colour")
                .noneMatch(line -> line.equals("begins"));
    }
}
