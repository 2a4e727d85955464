/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.plugin.Plugin.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G6, as users meet it: a byte of the disk turns, and {@code verify} and {@code at} say in which file, or answer as before. Every byte of every
 * kind of file, and what only seals can tell, is for {@code DamageTest} of the archive.
 */
@Tag("faults")
@UsesControlPlane
class CorruptionIsFoundIT {

    private static final List<String> KINDS = List.of(
            ".*/versions/metadata/v\\d+\\.metadata\\.json",
            ".*/versions/metadata/.*-m0\\.avro",
            ".*/coverage/metadata/snap-.*\\.avro",
            ".*/versions/data/.*\\.parquet",
            ".*/seals/2\\.json",
            ".*/recording\\.json");

    @TempDir
    private Path directory;

    @Test
    void aByteThatTurnedIsToldWithItsFile(ControlPlane plane) throws Exception {
        Random random = new Random(Seed.take());
        Path recording = directory.resolve("recording");
        for (int i = 0; i < 5; i++) {
            plane.kubectl().output("create", "configmap", "web-" + i, "--from-literal=n=" + i);
        }
        try (RecorderProcess recorder = new RecorderProcess(directory, plane, recording.toString())) {
            recorder.start();
            recorder.end();
        }
        String expected = list(plane, recording).succeeds().out();
        assertThat(expected).contains("web-4");
        for (String kind : KINDS) {
            Path file = newest(recording, kind);
            byte[] whole = Files.readAllBytes(file);
            byte[] damaged = whole.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            String which = file.getFileName() + ", byte " + at;
            Result answer = list(plane, recording);
            if (answer.status() == 0) {
                assertThat(answer.out()).as(which).isEqualTo(expected);
            } else {
                answer.failsWith(file.getFileName().toString());
            }
            try (Plugin plugin = plugin(plane)) {
                Result verified = plugin.run("verify", recording.toString());
                assertThat(verified.status()).as("%s: %s", which, verified).isEqualTo(1);
                assertThat(verified.out() + verified.err())
                        .as(which)
                        .contains(file.getFileName().toString());
            }
            Files.write(file, whole);
        }
    }

    /** By a plugin that has read nothing before. */
    private Result list(ControlPlane plane, Path recording) throws Exception {
        try (Plugin plugin = plugin(plane)) {
            return plugin.run(
                    "at", "--from", recording.toString(), "now", "get", "configmaps", "-n", "default", "-o", "yaml");
        }
    }

    private Plugin plugin(ControlPlane plane) throws IOException {
        Path own = Files.createTempDirectory(directory, "plugin");
        return new Plugin(own, plane.kubectl().program(), plane.kubeconfig());
    }

    private static Path newest(Path recording, String kind) throws IOException {
        try (Stream<Path> files = Files.walk(recording)) {
            return files.filter(file -> file.toString().matches(kind))
                    .sorted()
                    .reduce((_, last) -> last)
                    .orElseThrow(() -> new AssertionError("no " + kind));
        }
    }
}
