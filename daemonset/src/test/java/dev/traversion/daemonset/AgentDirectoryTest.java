/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.daemonset.Landed.Row;
import dev.traversion.daemonset.event.EventType;
import dev.traversion.daemonset.logs.LogRules;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where programs begin, on the real kernel: they end before anybody could ask /proc. */
class AgentDirectoryTest {

    @TempDir
    private Path directory;

    private Path landing;

    @BeforeEach
    void probesCanBeLoaded() throws IOException {
        Kernel.assumeProbes();
        landing = directory.resolve("rows");
    }

    @Test
    void aProgramIsSeenWhereItBegan() throws Exception {
        Path deep = Files.createDirectories(directory.resolve("a b/\u00e4/" + "c".repeat(100)));
        try (Agent agent = agent(masking())) {
            Process there =
                    new ProcessBuilder("/bin/true").directory(deep.toFile()).start();
            assertThat(there.waitFor()).isZero();
            Process root = new ProcessBuilder("/bin/true")
                    .directory(Path.of("/").toFile())
                    .start();
            assertThat(root.waitFor()).isZero();

            assertThat(begun(agent, there)).isEqualTo(deep.toRealPath().toString());
            assertThat(begun(agent, root)).isEqualTo("/");
        }
    }

    @Test
    void ofALongPathTheEndIsThere() throws Exception {
        Path deep = directory;
        for (int i = 0; i < 60; i++) {
            deep = deep.resolve("folder" + i);
        }
        Files.createDirectories(deep);
        try (Agent agent = agent(masking())) {
            Process there =
                    new ProcessBuilder("/bin/true").directory(deep.toFile()).start();
            assertThat(there.waitFor()).isZero();

            assertThat(begun(agent, there))
                    .startsWith(".../folder")
                    .endsWith("/folder58/folder59")
                    .hasSizeBetween(200, 260);
        }
    }

    /** As in a container: a root of its own, and another file system below it. */
    @Test
    void theWayToTheRootOfTheProcessGoesOverMounts() throws Exception {
        Kernel.assumeRoot();
        Path root = Files.createDirectories(directory.resolve("root/srv/data"))
                .getParent()
                .getParent();
        String setUp = "mount -t tmpfs none " + root + "/srv/data && mkdir -p " + root + "/srv/data/in/side"
                + " && for each in bin lib lib64 usr; do mkdir -p " + root + "/$each && mount --bind /$each " + root
                + "/$each; done"
                + " && exec chroot " + root + " /bin/sh -c 'cd /srv/data/in/side && exec /bin/true'";
        try (Agent agent = agent(masking())) {
            Process process = new ProcessBuilder("unshare", "--mount", "sh", "-c", setUp).start();
            assertThat(process.waitFor()).isZero();

            assertThat(begun(agent, process)).isEqualTo("/srv/data/in/side");
        }
    }

    @Test
    void whatRunsWhenTheAgentBeginsIsSomewhere() throws Exception {
        Process before =
                new ProcessBuilder("sleep", "600").directory(directory.toFile()).start();
        try (Agent agent = agent(masking())) {
            Row running = await(agent, row -> row.is("running", before.pid()));

            assertThat(running.text("working_directory"))
                    .isEqualTo(directory.toRealPath().toString());
        } finally {
            before.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatIsSecretIsMaskedAndIfThatIsNotKnownNothingIsTold() throws Exception {
        Path secret = Files.createDirectories(directory.resolve("order-17/bin"));
        try (Agent agent = agent(masking())) {
            Process there =
                    new ProcessBuilder("/bin/true").directory(secret.toFile()).start();
            assertThat(there.waitFor()).isZero();

            assertThat(begun(agent, there))
                    .startsWith(directory.toRealPath() + "/")
                    .endsWith("/bin")
                    .doesNotContain("order-17");
        }
        landing = directory.resolve("other");
        Supplier<Masking> unknown = () -> {
            throw new TraversionException("the rules cannot be read");
        };
        try (Agent agent = agent(unknown)) {
            Process there =
                    new ProcessBuilder("/bin/true").directory(secret.toFile()).start();
            assertThat(there.waitFor()).isZero();

            assertThat(begun(agent, there)).isEmpty();
            assertThat(agent.progress().counter(EventType.EXEC).written()).isPositive();
        }
    }

    private Supplier<Masking> masking() {
        MaskingKey key = MaskingKey.load(directory.resolve("masking.key"));
        String rules = "{\"namespaces\": [], \"masking\": {\"patterns\": [\"order-[0-9]+\"]}}";
        Masking masking = LogRules.parse(rules, "the test", key).anywhere();
        return () -> masking;
    }

    private Agent agent(Supplier<Masking> masking) throws IOException {
        return new Agent(AgentOptions.defaults(landing, "test")
                .withLimits(0, 4 << 20, 4 << 20)
                .withEvents(Set.of(EventClass.PROCESSES))
                .withMasking(masking));
    }

    private String begun(Agent agent, Process process) throws Exception {
        return await(
                        agent,
                        row -> row.is("exec", process.pid()) && row.text("file").equals("/bin/true"))
                .text("working_directory");
    }

    private Row await(Agent agent, Predicate<Row> wanted) throws Exception {
        return Landed.await(agent, landing, LandingTable.PROCESS_EVENTS, wanted);
    }
}
