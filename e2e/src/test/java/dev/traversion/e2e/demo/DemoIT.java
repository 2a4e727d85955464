/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.UsesCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as visitors run it. Its exit status is 0 only if the past was read back. */
@UsesCluster
@Tag("demo")
class DemoIT {

    private static final Path LAUNCHER = Path.of(System.getProperty("traversion.root"), "traversion");

    @TempDir
    private Path directory;

    @Test
    void theIncidentIsRecordedByTheOperatorAndReadBackThroughTheServerInTheCluster(Cluster cluster) throws Exception {
        assumeTrue(cluster.isLocal(), "the images built here can be given to the local cluster only");

        assertThat(demo(cluster, "--exit"))
                .contains("from the cluster itself", "CrashLoopBackOff", "-    payments.url=http://payments/charge")
                .containsPattern("jane .* list pods .* refused")
                .contains("Back to the live context");

        assertThat(cluster.kubectl().output("get", "namespaces", "-o", "name"))
                .doesNotContain("traversion-system", "traversion-demo");
        assertThat(cluster.kubectl().output("get", "customresourcedefinitions", "-o", "name"))
                .doesNotContain("traversion.dev");
    }

    @Test
    void theIncidentIsRecordedAndReadBackFromARealCluster(Cluster cluster) throws Exception {
        assumeTrue(cluster.hasImages(), "the shop's image is on the local cluster only");
        Path recording = directory.resolve("recording.tar.gz");

        assertThat(demo(cluster, "--exit", "--save", recording.toString()))
                .contains("==> The incident", "CrashLoopBackOff", "-    payments.url=http://payments/charge");
        assertThat(Files.size(recording)).isLessThan(2 << 20);
    }

    @Test
    void theKeptRecordingNeedsNoCluster(Cluster cluster) throws Exception {
        assertThat(demo(cluster, "--recording", "--exit"))
                .contains("CrashLoopBackOff", "+    payments.url=payments/charge");
    }

    @Test
    void aClusterOfYoursIsOnlyRead(Cluster cluster) throws Exception {
        String namespaces = cluster.kubectl().output("get", "namespaces", "-o", "name");
        String context = cluster.kubectl().output("config", "current-context").strip();

        assertThat(demo(cluster, "--context", context, "--exit")).contains("get pods -A");
        // The shop of another test may be going away meanwhile.
        assertThat(namespaces.lines())
                .containsAll(cluster.kubectl()
                        .output("get", "namespaces", "-o", "name")
                        .lines()
                        .toList());
    }

    private String demo(Cluster cluster, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "demo"));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
        builder.environment()
                .merge(
                        "PATH",
                        cluster.kubectl().program().getParent().toString(),
                        (path, folder) -> folder + ":" + path);
        Process demo = builder.start();
        demo.getOutputStream().close();
        boolean ended = demo.waitFor(Duration.ofMinutes(10).toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            demo.destroy();
        }
        String said = Files.readString(output);
        assertThat(ended).as("ends by itself; it said: %s", said).isTrue();
        assertThat(demo.exitValue()).as(said).isZero();
        return said;
    }
}
