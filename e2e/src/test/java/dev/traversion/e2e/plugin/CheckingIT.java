/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin.Result;
import dev.traversion.e2e.plugin.Plugin.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify --live} and {@code repair}, on a real cluster's recording. */
@Tag("faults")
@UsesControlPlane
class CheckingIT {

    @TempDir
    private Path directory;

    private ControlPlane plane;
    private Plugin plugin;
    private String to;

    @BeforeEach
    void prepare(ControlPlane plane) {
        this.plane = plane;
        plugin = new Plugin(directory, plane.kubectl().program(), plane.kubeconfig());
        to = directory.resolve("prod").toString();
    }

    @AfterEach
    void close() throws IOException {
        plugin.close();
    }

    /** Changes of all kinds, Secrets among them. */
    private void change(String name) {
        for (int i = 0; i < 5; i++) {
            plane.kubectl().output("create", "configmap", name + "-" + i, "--from-literal=round=" + i);
            plane.kubectl()
                    .output("create", "secret", "generic", name + "-" + i, "--from-literal=password=" + name + i);
            plane.kubectl().output("label", "configmap", name + "-" + i, "round=" + i);
        }
        plane.kubectl().output("delete", "configmap", name + "-0");
    }

    @Test
    void aRecordingIsWhatItsClusterSaysWhileItIsBeingMade() throws Exception {
        try (Running record = plugin.start("record", "--to", to)) {
            record.awaitText("first lists complete");
            change("live");

            Result same = plugin.run("verify", to, "--live", "--samples", "5").succeeds();

            assertThat(same.out()).contains("It is what was written.", "It is what the cluster says.", "--seed ");
            assertThat(same.out()).doesNotContain("live   0 lists");

            // With another key every secret has other tokens: what differs is told.
            Path key = directory.resolve("state/masking.key");
            Path kept = Files.move(key, directory.resolve("kept.key"));
            Result other = plugin.run("verify", to, "--live", "--samples", "5");
            assertThat(other.status()).as(other.out()).isEqualTo(1);
            assertThat(other.err()).contains("secrets default/live-1", "has other bytes in the recording");
            Files.deleteIfExists(key);
            Files.move(kept, key);
            record.signal("INT").await().succeeds();
        }
    }

    /** What is not in the recording on purpose is no damage: it is compared with what may be in it. */
    @Test
    void whatWasErasedOrIsMaskedMeanwhileDoesNotDiffer() throws Exception {
        try (Running record = plugin.start("record", "--to", to)) {
            record.awaitText("first lists complete");
            change("before");
            plane.kubectl()
                    .output("create", "configmap", "people", "--from-literal=owner=jane@example.com, iban DE02120300");
            plane.kubectl().output("create", "namespace", "leaving");
            plane.kubectl().output("create", "configmap", "gone", "-n", "leaving", "--from-literal=a=b");
            record.signal("INT").await().succeeds();
        }
        assertThat(plugin.run("erase", to, "--subject", "jane@example.com", "--reason", "ticket 4712", "-y")
                        .succeeds()
                        .out())
                .contains("Erased in ");
        plugin.run("erase", to, "-n", "leaving", "-y").succeeds();
        assertThat(plugin.run("at", "now", "get", "configmap", "people", "-o", "yaml")
                        .succeeds()
                        .out())
                .contains("erased-", "DE02120300")
                .doesNotContain("jane");
        String rules = Files.writeString(directory.resolve("rules.json"), "{\"patterns\": [\"DE[0-9]{8}\"]}")
                .toString();
        try (Running record = plugin.start("record", "--to", to, "--rules", rules)) {
            record.awaitText("first lists complete");
            change("after");
            plane.kubectl().output("annotate", "configmap", "people", "round=2");

            Result verified = plugin.run("verify", to, "--live", "--samples", "30", "--rules", rules);

            assertThat(verified.status())
                    .as("%s%n%s", verified.out(), verified.err())
                    .isZero();
            assertThat(verified.out()).contains("It is what the cluster says.");
            record.signal("INT").await().succeeds();
        }
        Result audit = plugin.run("audit", to).succeeds();
        assertThat(audit.out())
                .containsPattern("erase value \\S+: \\d+ versions of 1 objects \\(ticket 4712\\)")
                .containsPattern("erase namespace uid \\S+: ")
                .doesNotContain("jane");
        plane.kubectl().output("delete", "configmap", "people");
    }

    @Test
    void aDamagedPartIsRepairedAndIsAGap() throws Exception {
        for (String session : List.of("first", "second", "third")) {
            try (Running record = plugin.start("record", "--to", to)) {
                record.awaitText("first lists complete");
                change(session);
                record.signal("INT").await().succeeds();
            }
        }
        List<Path> parts = parts();
        assertThat(parts).hasSize(3);
        Path damaged = parts.get(1);
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);

        assertThat(plugin.run("verify", to).status()).isEqualTo(1);
        assertThat(plugin.run("repair", to, "--dry-run").status()).isEqualTo(1);
        plugin.run("repair", to).failsWith("Give -y");
        assertThat(plugin.run("at", "now", "get", "configmaps").succeeds().out())
                .contains("third-1");
        assertThat(plugin.run("repair", to, "-y").succeeds().out())
                .contains(damaged.getFileName().toString());

        assertThat(plugin.run("verify", to).succeeds().out()).contains("Repaired: ", "It is what was written.");
        assertThat(plugin.run("repair", to, "-y").succeeds().out()).contains("Nothing to repair.");
        assertThat(plugin.run("at", "now", "get", "configmaps").succeeds().out())
                .contains("third-1", "second-1");
        assertThat(plugin.run("timeline", "configmaps", "-n", "default")
                        .succeeds()
                        .out())
                .contains("damaged: ");
        try (Stream<Path> kept = Files.walk(directory.resolve("prod"))) {
            assertThat(kept.filter(path -> path.toString().contains("/quarantine/"))
                            .filter(path -> path.endsWith(damaged.getFileName())))
                    .hasSize(1);
        }
        try (Running record = plugin.start("record", "--to", to)) {
            record.awaitText("first lists complete");
            change("fourth");
            plugin.run("verify", to, "--live", "--samples", "5").succeeds();
            record.signal("INT").await().succeeds();
        }
    }

    /** By their times. */
    private List<Path> parts() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("prod"))) {
            return all.filter(path -> path.toString().contains("/versions/data/"))
                    .filter(path -> path.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }
}
