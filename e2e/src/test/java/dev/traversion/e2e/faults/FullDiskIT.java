/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.plugin.Plugin.Result;
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

/** G10: a full disk is a declared gap, and reads go on. */
@Tag("faults")
@UsesControlPlane
class FullDiskIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private ControlPlane plane;
    private Plugin plugin;
    private Path disk;
    private LoopMount mount;

    @BeforeEach
    void mount(ControlPlane plane) throws Exception {
        this.plane = plane;
        plugin = new Plugin(directory, plane.kubectl().program(), plane.kubeconfig());
        disk = directory.resolve("disk");
        mount = new LoopMount(directory.resolve("image"), disk, 8);
    }

    @AfterEach
    void unmount() throws Exception {
        plugin.close();
        mount.close();
    }

    @Test
    void recordingStallsSaysSoAndGoesOn() throws Exception {
        String to = disk.resolve("prod").toString();
        try (Running record = plugin.start("record", "--to", to)) {
            record.awaitText("first lists complete");
            createConfigMap("before");
            await("before");
            Path filler = mount.fill();

            createConfigMap("during");
            record.awaitText("STALLED: the recording in " + to);
            assertThat(plugin.run("at", "now", "get", "configmap", "before")
                            .succeeds()
                            .out())
                    .contains("before");
            Waiting.until(LIMIT, "the gap is declared", () -> {
                Result status = plugin.run("status", "-o", "json");
                return status.succeeds().out().contains("No space left on device");
            });
            assertThat(plugin.run("status", "--check").status()).isEqualTo(1);

            Files.delete(filler);
            await("during");
            createConfigMap("after");
            await("after");
            Waiting.until(
                    LIMIT,
                    "everything is observed again",
                    () -> plugin.run("status", "--check").status() == 0);
            assertThat(plugin.run("timeline", "configmaps", "-n", "default")
                            .succeeds()
                            .out())
                    .contains("No space left on device");
            record.signal("INT").await().succeeds();
        }
        assertThat(plugin.run("verify", to).succeeds().out()).contains("It is what was written.");
    }

    private void createConfigMap(String name) {
        plane.kubectl().output("create", "configmap", name);
    }

    private void await(String name) throws Exception {
        Waiting.until(
                LIMIT,
                name + " is recorded",
                () -> plugin.run("at", "now", "get", "configmap", name).status() == 0);
    }
}
