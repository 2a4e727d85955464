/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.plugin.Plugin.Running;
import dev.traversion.e2e.recording.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that cannot be recorded, and places that cannot be recorded to: a sentence each, before anything is written. */
@UsesCluster
@Tag("plugin")
class BadTargetIT {

    /** Bytes. */
    private static final int ROOM = 64 << 10;

    @TempDir
    private Path directory;

    private Path to;
    private Plugin plugin;

    @BeforeEach
    void prepare(Cluster cluster) {
        to = directory.resolve("prod");
        plugin = new Plugin(directory, cluster.kubectl().program(), cluster.kubeconfig());
    }

    @AfterEach
    void end() throws Exception {
        plugin.close();
    }

    @Test
    void noKubeconfig() throws Exception {
        Path missing = directory.resolve("missing");

        plugin.run("record", "--to", to.toString(), "--kubeconfig", missing.toString())
                .failsWith(missing.toString());
        assertThat(to).doesNotExist();
    }

    @Test
    void anUnknownContext() throws Exception {
        plugin.run("record", "--to", to.toString(), "--context", "nope")
                .failsWith("The kubeconfig has no context nope. It has: ");
        assertThat(to).doesNotExist();
    }

    @Test
    void aClusterThatIsDown() throws Exception {
        Path down = Files.writeString(directory.resolve("down"), """
                apiVersion: v1
                kind: Config
                current-context: down
                contexts:
                - {name: down, context: {cluster: down, user: me}}
                clusters:
                - {name: down, cluster: {server: "https://127.0.0.1:1"}}
                users:
                - {name: me, user: {token: secret}}
                """);

        plugin.run("record", "--to", to.toString(), "--kubeconfig", down.toString())
                .failsWith("Cannot reach the API server https://127.0.0.1:1");
        assertThat(to).doesNotExist();
    }

    @Test
    void aDirectoryOfOtherThings() throws Exception {
        Files.createDirectory(to);
        Path thesis = Files.writeString(to.resolve("thesis.txt"), "years of work");

        plugin.run("record", "--to", to.toString()).failsWith("holds other files and no recording");
        assertThat(thesis).hasContent("years of work");
    }

    @Test
    void aFile() throws Exception {
        Files.writeString(to, "years of work");

        plugin.run("record", "--to", to.toString()).failsWith("is a file");
        assertThat(to).hasContent("years of work");
    }

    @Test
    void aDurationThatIsNone() throws Exception {
        plugin.run("record", "--to", to.toString(), "--duration", "soon").failsWith("soon");
        plugin.run("record").failsWith("--to");
    }

    @Test
    void aDiskThatIsFullLosesNothingThatWasRecorded() throws Exception {
        Files.createDirectory(to);
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", to.toString()) == 0, "mounting needs root");
        try {
            try (Running record = plugin.start("record", "--to", to.toString())) {
                record.awaitText("first lists complete");
                Waiting.until(
                        Duration.ofSeconds(60),
                        "discovery is recorded, too",
                        () -> plugin.run("at", "--from", to.toString(), "now", "get", "namespaces")
                                        .status()
                                == 0);
                // Room for a little more of the log, but not for the part it is sealed into.
                Files.write(to.resolve("filler"), new byte[(int) (to.toFile().getUsableSpace() - ROOM)]);
                record.signal("INT")
                        .await()
                        .failsWith("No space left on device. Nothing is lost: it is in the log at " + to);
            }
            assertThat(plugin.run("at", "--from", to.toString(), "now", "get", "namespaces")
                            .succeeds()
                            .out())
                    .contains("kube-system");
        } finally {
            plugin.close();
            assertThat(command("umount", to.toString())).isZero();
        }
    }

    private static int command(String... arguments) throws Exception {
        return new ProcessBuilder(arguments).inheritIO().start().waitFor();
    }
}
