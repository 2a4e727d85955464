/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.UsesCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handful of the scenarios, which happen at the same time; all of them are in {@code ./traversion scenarios}. */
@UsesCluster(images = true)
@Tag("scenarios")
class ScenariosIT {

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final List<String> HANDFUL =
            List.of("bad-tag", "configmap-key-removed", "memory-limit-cut", "quiet-rollout", "selector-typo");

    @TempDir
    private Path directory;

    @Test
    void whatHasBeenBrokenIsNamedFirstAndNothingIsBlamedWhereNothingIsBroken(Cluster cluster) throws Exception {
        Program program = new Program(
                ROOT.resolve("kubectl-traversion/target/dist/bin/kubectl-traversion"), directory.resolve("plugin"));
        List<Run> runs = Scenario.in(ROOT.resolve("e2e/scenarios")).stream()
                .filter(scenario -> HANDFUL.contains(scenario.name()))
                .map(scenario -> new Run(scenario, 1, Decoys.Kind.OTHERS))
                .toList();
        assertThat(runs).hasSameSizeAs(HANDFUL);
        Path kept = Files.createDirectory(directory.resolve("kept"));

        Rig.Outcome outcome = new Rig(cluster.kubectl(), ROOT.resolve("traversion"), cluster.isLocal(), _ -> {})
                .play(runs, program, directory, kept);
        Report report = Report.of(outcome.kept(), program, outcome.skipped(), outcome.failed());

        assertThat(report.failed()).isEmpty();
        assertThat(report.verdicts()).hasSameSizeAs(HANDFUL).allSatisfy(verdict -> assertThat(verdict.word())
                .as(report.text())
                .isIn("right", "quiet"));
    }
}
