/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.plugin.Plugin.Result;
import dev.traversion.e2e.plugin.Plugin.Running;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kept incident shown again: pods of checkout that crash after a change of their configuration. */
@UsesCluster
@Tag("plugin")
class PlayIT {

    private static final Pattern KUBECONFIG = Pattern.compile("kubectl --kubeconfig (\\S+)");

    @TempDir
    private Path directory;

    private Plugin plugin;
    private String range;

    @BeforeEach
    void unpack(Cluster cluster) throws Exception {
        KeptRecording kept = KeptRecording.unpack(directory.resolve("kept"));
        range = kept.before() + ".." + kept.after();
        plugin = new Plugin(directory, cluster.kubectl().program(), directory.resolve("none"))
                .with("TRAVERSION_RECORDING", kept.location().toString());
    }

    @AfterEach
    void end() throws Exception {
        plugin.close();
    }

    @Test
    void tellsWhatHappenedInOrderAsJsonLinesWhereNoTerminalIs() throws Exception {
        Result film = plugin.run("play", range, "-n", "shop", "--speed", "50").succeeds();

        List<String> times = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (String line : film.out().lines().toList()) {
            JsonNode entry = new ObjectMapper().readTree(line);
            times.add(entry.path("at").asText());
            texts.add(entry.path("text").asText());
        }
        assertThat(times).isSorted();
        assertThat(texts).anyMatch(text -> text.startsWith("Warning BackOff: "));
        assertThat(film.err()).contains("The film ended at ");
    }

    @Test
    void kubectlWatchesTheFilm(Cluster cluster) throws Exception {
        try (Running film = plugin.start("play", range, "-n", "shop", "--speed", "2")) {
            film.awaitText("get pods -w");
            Matcher kubeconfig = KUBECONFIG.matcher(Files.readString(film.err()));
            assertThat(kubeconfig.find()).isTrue();
            Result pods = plugin.execute(
                    "timeout",
                    "7",
                    cluster.kubectl().program().toString(),
                    "--kubeconfig",
                    kubeconfig.group(1),
                    "get",
                    "pods",
                    "-w",
                    "--no-headers");
            List<String> crashing = pods.out()
                    .lines()
                    .filter(line -> line.startsWith("checkout-"))
                    .map(line -> line.split(" +")[2])
                    .distinct()
                    .toList();
            assertThat(crashing)
                    .startsWith("Running")
                    .containsSubsequence("Pending", "ContainerCreating", "Error", "CrashLoopBackOff");
            film.await().succeeds();
            assertThat(Path.of(kubeconfig.group(1))).doesNotExist();
        }
    }

    @Test
    void endsWhereAConditionIsMet() throws Exception {
        String restarted = "jsonpath={.status.containerStatuses[0].restartCount}=1";
        assertThat(plugin.run("play", range, "pods", "-n", "shop", "--speed", "100", "--until", restarted)
                        .succeeds()
                        .err())
                .contains(restarted + " is true of pods/checkout-", "Try: kubectl traversion at 20");
        plugin.run("play", range, "deploy/checkout", "-n", "shop", "--until", "delete")
                .failsWith("delete was never true of deploy/checkout");
        plugin.run("play", range, "deploy/checkout", "-n", "shop", "--until", "happy")
                .failsWith("\"happy\" is nothing to wait for");
    }

    @Test
    void keysControlIt() throws Exception {
        // script gives it a terminal, and what it reads are the keys.
        plugin.with("TERM", "xterm");
        try (Running film = plugin.startWithKeys(
                "script",
                "-qefc",
                Plugin.bin().resolve("kubectl-traversion") + " play " + range + " -n shop --speed 0.1",
                "/dev/null")) {
            film.awaitText("x0.1 ");
            OutputStream keys = film.process().getOutputStream();
            press(keys, ' ');
            film.awaitText("paused ");
            press(keys, 'l');
            film.awaitText("x0.25 ");
            press(keys, 'q');
            film.await().succeeds();
        }
    }

    private static void press(OutputStream keys, char key) throws Exception {
        keys.write(key);
        keys.flush();
    }

    @Test
    void speedsAndRangesOfNoUseAreRefused() throws Exception {
        for (String speed : List.of("0", "1000000", "fast")) {
            plugin.run("play", range, "--speed", speed).failsWith("\"" + speed + "\" is not a speed");
        }
        String[] moments = range.split("\\.\\.");
        plugin.run("play", moments[1] + ".." + moments[0]).failsWith("Write the earlier moment first");
        plugin.run("play", range, "deploy/nothing").failsWith("The recording has no deploy/nothing up to ");
    }
}
