/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** k9s, driven by keys in a terminal, shows a moment of the past. */
@Tag("clients")
class K9sIT {

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Process terminal;

    /** How much of the output was there when the last keys were pressed, bytes. */
    private int seen;

    @Test
    void showsPodsDeploymentsYamlAndDescriptionsOfTheMoment() throws Exception {
        try (ServedRecording recording = ServedRecording.afterTheIncident(directory.resolve("kept"))) {
            start(recording.kubeconfig());
            try {
                awaitOnScreen("checkout-");
                awaitOnScreen("CrashLoopBackOff");
                press(":deploy\r");
                awaitOnScreen("UP-TO-DATE");
                awaitOnScreen("storefront");
                press("y");
                awaitOnScreen("apiVersion");
                press("\u001b");
                awaitOnScreen("UP-TO-DATE");
                press("d");
                awaitOnScreen("StrategyType");
                press("\u001b");
                awaitOnScreen("UP-TO-DATE");
                press(":quit\r");
                assertThat(terminal.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(terminal.exitValue()).isZero();
            } finally {
                terminal.descendants().forEach(ProcessHandle::destroyForcibly);
                terminal.destroyForcibly();
            }
        }
    }

    private void start(Path kubeconfig) throws Exception {
        Path home = Files.createDirectories(directory.resolve("home/k9s")).getParent();
        Files.writeString(home.resolve("k9s/config.yaml"), "k9s:\n  skipLatestRevCheck: true\n");
        ProcessBuilder builder = new ProcessBuilder(
                "script",
                "-qefc",
                "stty rows 45 cols 180; exec " + program() + " --kubeconfig " + kubeconfig + " -n "
                        + ServedRecording.NAMESPACE + " --command pods",
                "/dev/null");
        builder.environment()
                .putAll(Map.of(
                        "TERM",
                        "xterm-256color",
                        "HOME",
                        home.toString(),
                        "XDG_CONFIG_HOME",
                        home.toString(),
                        "XDG_DATA_HOME",
                        home.toString(),
                        "XDG_STATE_HOME",
                        home.toString(),
                        "XDG_CACHE_HOME",
                        home.toString()));
        terminal = builder.redirectErrorStream(true)
                .redirectOutput(screen().toFile())
                .start();
    }

    private static String program() throws Exception {
        Process path = new ProcessBuilder(ROOT.resolve("e2e/cluster/cluster.sh").toString(), "path", "k9s")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String program = new String(path.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(path.waitFor()).as("building k9s").isZero();
        return program.strip();
    }

    private Path screen() {
        return directory.resolve("screen");
    }

    private void press(String keys) throws IOException {
        seen = Files.readAllBytes(screen()).length;
        terminal.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
        terminal.getOutputStream().flush();
    }

    /** Waits until a text was drawn since the last keys. */
    private void awaitOnScreen(String text) throws Exception {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        String drawn = "";
        while (!drawn.contains(text)) {
            assertThat(System.nanoTime() - limit)
                    .as("no \"%s\" on the screen: %s", text, drawn)
                    .isNegative();
            Thread.sleep(50);
            byte[] all = Files.readAllBytes(screen());
            drawn = new String(all, seen, all.length - seen, StandardCharsets.UTF_8);
        }
    }
}
