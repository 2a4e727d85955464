/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.plugin.Plugin.Result;
import dev.traversion.e2e.plugin.Plugin.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording, or a stretch of it, in one file. */
@UsesCluster
@Tag("plugin")
class ExportIT {

    @TempDir
    private Path directory;

    private Path files;
    private KeptRecording kept;
    private Plugin plugin;

    @BeforeEach
    void unpack(Cluster cluster) throws Exception {
        kept = KeptRecording.unpack(directory.resolve("kept"));
        files = Files.createDirectory(directory.resolve("files"));
        plugin = new Plugin(directory, cluster.kubectl().program(), cluster.kubeconfig())
                .with("TRAVERSION_RECORDING", kept.location().toString());
    }

    @AfterEach
    void end() throws Exception {
        plugin.close();
    }

    private Path export(String range) throws Exception {
        Path file = files.resolve("incident.trv");
        assertThat(plugin.run(Stream.of("export", file.toString(), range)
                                .filter(argument -> !argument.isEmpty())
                                .toArray(String[]::new))
                        .succeeds()
                        .out())
                .startsWith("Wrote 20")
                .contains("Try: kubectl traversion open");
        try (Stream<Path> left = Files.list(files)) {
            assertThat(left).containsExactly(file);
        }
        return file;
    }

    @Test
    void aStretchIsReadLikeTheRecordingItIsFrom() throws Exception {
        Path file = export(kept.before() + ".." + kept.after());

        for (String moment : new String[] {kept.before(), kept.after()}) {
            for (String[] command : new String[][] {
                {"get", "all,cm,secrets,events", "-A", "-o", "wide"},
                {"get", "pods", "-A", "-o", "yaml", "--show-managed-fields"},
                {"explain", "pods.spec"},
                {"api-resources"}
            }) {
                assertThat(at(file, moment, command).out())
                        .as("%s at %s", String.join(" ", command), moment)
                        .isNotEmpty()
                        .isEqualTo(at(kept.location(), moment, command).out());
            }
        }
        assertThat(at(file, kept.after(), "get", "pods", "-n", "shop").err()).contains("complete");
        plugin.run("at", "--from", file.toString(), kept.before() + "-1s", "get", "pods")
                .failsWith("is before the recording");
        String range = kept.before() + ".." + kept.after();
        Result diff = plugin.run("diff", "--from", file.toString(), range);
        assertThat(diff.out()).isEqualTo(plugin.run("diff", range).out());
    }

    private Result at(Path recording, String moment, String... command) throws Exception {
        return plugin.run(Stream.concat(Stream.of("at", "--from", recording.toString(), moment), Arrays.stream(command))
                        .toArray(String[]::new))
                .succeeds();
    }

    @Test
    void openServesTheFile() throws Exception {
        Path file = export("");
        try (Running open = plugin.start("open", file.toString())) {
            open.awaitText("incident@now");
            open.signal("TERM").await().succeeds();
        }
    }

    @Test
    void whatIsThereIsNotReplacedAndWhatIsTornIsRefused() throws Exception {
        Path file = export(kept.before() + "..");
        plugin.run("export", file.toString()).failsWith("is there already");
        plugin.run("export", files.resolve("none/x.trv").toString()).failsWith("There is no directory");
        plugin.run("export", files.resolve("x.trv").toString(), kept.after() + ".." + kept.before())
                .failsWith("Write the earlier moment first");
        plugin.run("record", "--to", file.toString()).failsWith("is a file");

        byte[] bytes = Files.readAllBytes(file);
        Path torn = Files.write(files.resolve("torn.trv"), Arrays.copyOf(bytes, bytes.length - 100));
        plugin.run("at", "--from", torn.toString(), "now", "get", "pods")
                .failsWith("torn.trv is a file, but no recording");
    }
}
