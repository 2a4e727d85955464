/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.json.StampedJson;
import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.UsesCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that are none, or damaged, and moments they do not have: a sentence each. */
@UsesCluster
@Tag("plugin")
class BadRecordingIT {

    @TempDir
    private Path directory;

    private KeptRecording kept;
    private Plugin plugin;

    @BeforeEach
    void unpack(Cluster cluster) throws Exception {
        kept = KeptRecording.unpack(directory.resolve("kept"));
        plugin = new Plugin(directory, cluster.kubectl().program(), directory.resolve("no-kubeconfig"));
    }

    @AfterEach
    void end() throws Exception {
        plugin.close();
    }

    private Plugin.Result at(Path location, String time) throws Exception {
        return plugin.run("at", "--from", location.toString(), time, "get", "pods", "-A");
    }

    @Test
    void momentsOutsideTheRecording() throws Exception {
        at(kept.location(), "2020-01-01T00:00:00Z").failsWith("is before the recording. It reaches from 20");
        at(kept.location(), "@" + (Instant.parse(kept.after()).getEpochSecond() + 60))
                .failsWith("is after the recording. It reaches from 20");
        at(kept.location(), "2199-01-01T00:00:00Z").failsWith("is in the future");
        at(kept.location(), "teatime").failsWith("teatime");
    }

    @Test
    void placesWithoutARecording() throws Exception {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path file = Files.writeString(directory.resolve("file"), "text");

        at(empty, "now").failsWith(empty.toString());
        at(directory.resolve("nowhere"), "now").failsWith("nowhere");
        at(file, "now").failsWith("is a file");
        plugin.run("open", empty.toString()).failsWith(empty.toString());
        plugin.run("at", "now", "get", "pods").failsWith("--from");
    }

    @Test
    void aRecordingOfANewerFormat() throws Exception {
        Path description = find("recording.json");
        Files.write(description, StampedJson.stamp(Files.readString(description).replace("\"1.0\"", "\"2.0\"")));

        at(kept.location(), "now").failsWith("has format 2.0");
    }

    @Test
    void aDamagedPartIsNamedAndNothingWrongIsShown() throws Exception {
        Path part = find(".parquet");
        byte[] bytes = Files.readAllBytes(part);
        // Somewhere in every page of bodies; only what is read can be found damaged.
        for (int i = 1000; i < bytes.length * 9 / 10; i += 1000) {
            bytes[i] ^= 1;
        }
        Files.write(part, bytes);

        plugin.run("at", "--from", kept.location().toString(), kept.after(), "get", "all", "-A", "-o", "yaml")
                .failsWith(part.getFileName().toString());
    }

    @Test
    void aMissingPartIsNamed() throws Exception {
        Path part = find(".parquet");
        Files.delete(part);

        at(kept.location(), kept.after()).failsWith(part.getFileName().toString());
    }

    @Test
    void noKubectl() throws Exception {
        plugin.with("KUBECTL", "/nowhere/kubectl");

        at(kept.location(), kept.after()).failsWith("kubectl");
    }

    /** The greatest file of the versions whose name ends so. */
    private Path find(String end) throws IOException {
        try (Stream<Path> files = Files.walk(kept.location())) {
            Path found = files.filter(file -> file.toString().endsWith(end))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
            assertThat(found).isNotEmptyFile();
            return found;
        }
    }
}
