/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.e2e.plugin.Plugin.Result;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G3: what a recording does not know, it says wherever it is asked; what can still be known, it knows. */
@Tag("faults")
@UsesControlPlane
class GapsAreVisibleIT {

    private static final String REASON = "intermediate versions are unknown";

    @TempDir
    private Path directory;

    @Test
    void whatEtcdForgotWhileNobodyRecordedIsAGapEverywhere(ControlPlane plane) throws Exception {
        Kubectl kubectl = plane.kubectl();
        for (String name : List.of("same", "changed", "deleted", "recreated")) {
            kubectl.output("create", "configmap", name, "--from-literal=n=0");
        }
        try (Oracle oracle = new Oracle(plane.etcd());
                RecorderProcess recorder = new RecorderProcess(
                        directory, plane, directory.resolve("recording").toString())) {
            recorder.start();
            long from = oracle.revision();
            kubectl.output("label", "configmap", "changed", "n=1");
            recorder.awaitRecorded(oracle.since(from));
            Instant before = recorder.lastChange(Oracle.CONFIG_MAPS);
            recorder.kill();

            // Of these nobody will ever know ...
            kubectl.output("label", "--overwrite", "configmap", "changed", "n=2");
            kubectl.output("create", "configmap", "brief", "--from-literal=n=0");
            kubectl.output("delete", "configmap", "brief", "deleted", "recreated");
            // ... and of these the last versions are there to be seen.
            kubectl.output("label", "--overwrite", "configmap", "changed", "n=3");
            kubectl.output("create", "configmap", "recreated", "--from-literal=n=1");
            kubectl.output("create", "configmap", "new", "--from-literal=n=0");
            Instant during = Instant.now();
            // The API server remembers for a while, too.
            plane.kill("apiserver");
            oracle.compact();
            plane.start("apiserver");
            recorder.start();
            kubectl.output("create", "configmap", "after", "--from-literal=n=0");
            List<Version> expected = oracle.since(from);
            recorder.awaitRecorded(expected);
            Instant after = recorder.lastChange(Oracle.CONFIG_MAPS);

            Verdict verdict = recorder.judge(oracle, expected);
            verdict.isHonest();
            assertThat(verdict.missing())
                    .filteredOn(each -> each.contains("configmaps"))
                    .as("two of brief, one each of changed, deleted, recreated")
                    .hasSize(5);

            Result then = recorder.run("at", before.toString(), "get", "configmaps");
            assertThat(then.succeeds().out()).contains("changed", "deleted", "recreated", "same");
            assertThat(then.err()).doesNotContain("Warning");
            Result unknown = recorder.run("at", during.toString(), "get", "configmaps");
            assertThat(unknown.succeeds().err()).contains("Warning", REASON);
            assertThat(unknown.out()).contains("deleted").doesNotContain("brief");
            Result now = recorder.run("at", after.toString(), "get", "configmaps", "--show-labels");
            assertThat(now.succeeds().out())
                    .contains("after", "new", "n=3", "recreated", "same")
                    .doesNotContain("brief", "deleted");
            assertThat(now.err()).doesNotContain("Warning");
            assertThat(recorder.run("timeline", "configmaps", "-n", "default")
                            .succeeds()
                            .out())
                    .contains(REASON);
            assertThat(gapsInStatus(recorder)).isPositive();
        }
    }

    private static int gapsInStatus(RecorderProcess recorder) throws Exception {
        String status = recorder.run("status", "-o", "json").succeeds().out();
        for (JsonNode each : new ObjectMapper().readTree(status).path("resources")) {
            if (each.path("resource").asText().equals("configmaps")) {
                return each.path("gaps").asInt();
            }
        }
        throw new AssertionError("no config maps in " + status);
    }
}
