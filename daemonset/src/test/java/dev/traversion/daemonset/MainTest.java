/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.daemonset.Landed.Row;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process of its own. */
class MainTest {

    @TempDir
    private Path directory;

    @Test
    void toldToEndItWritesWhatItHasAndEndsItsFile() throws Exception {
        Kernel.assumeProbes();
        Process agent = start("--to", directory.toString(), "--node", "alone");
        try {
            awaitRunning(agent);
            Process seen = new ProcessBuilder("/bin/sh", "-c", "exit 9").start();
            seen.waitFor();
            agent.destroy();
            agent.waitFor();

            List<Row> rows = Landed.rows(directory, LandingTable.PROCESS_EVENTS);
            assertThat(rows).anyMatch(row -> row.is("exit", seen.pid()) && row.number("exit_code") == 9);
            assertThat(Landed.rows(directory, LandingTable.USAGE))
                    .filteredOn(row -> row.text("kind").equals("node"))
                    .isNotEmpty()
                    .allMatch(row -> row.number("cpu_ns") > 0
                            && row.number("working_set_bytes") > 0
                            && row.number("working_set_bytes") < row.number("limit_bytes"));
            assertThat(read(file()).ended()).isTrue();
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void killedItLeavesWhatItHasWritten() throws Exception {
        Kernel.assumeProbes();
        Process agent = start("--to", directory.toString(), "--node", "alone");
        try {
            awaitRunning(agent);
            while (Landed.rows(directory, LandingTable.CLOCK).isEmpty()) {
                Thread.sleep(20);
            }
            agent.destroyForcibly().waitFor();

            assertThat(read(file()).ended()).isFalse();
            assertThat(Landed.rows(directory, LandingTable.PROCESS_EVENTS))
                    .anyMatch(row -> row.text("kind").equals("running"));
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void prometheusIsToldOfEventsAndProbes() throws Exception {
        Kernel.assumeProbes();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process agent = start("--to", directory.toString(), "--port", Integer.toString(port));
        try (HttpClient client = HttpClient.newHttpClient()) {
            awaitRunning(agent);
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .build();

            String metrics =
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body();

            assertThat(metrics)
                    .contains("traversion_agent_probe_attached{probe=\"exec\"} 1.0")
                    .contains("traversion_agent_events_lost_total{type=\"exec\"}")
                    .contains("traversion_agent_spool_bytes");
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void onlyWhatIsAskedForIsRecordedAndTheRestIsAGap() throws Exception {
        Kernel.assumeProbes();
        Process agent = start(
                "--to", directory.toString(), "--node", "alone", "--events", "processes,kills", "--usage-seconds", "1");
        try {
            awaitRunning(agent);
            Process seen = new ProcessBuilder("/bin/sh", "-c", "exit 9").start();
            seen.waitFor();
            agent.destroy();
            agent.waitFor();

            assertThat(Landed.rows(directory, LandingTable.PROCESS_EVENTS))
                    .anyMatch(row -> row.is("exit", seen.pid()) && row.number("exit_code") == 9);
            assertThat(Landed.rows(directory, LandingTable.FLOWS)).isEmpty();
            assertThat(Landed.rows(directory, LandingTable.GAPS))
                    .filteredOn(row -> row.text("reason").equals("it is not asked for"))
                    .extracting(row -> row.text("kind"))
                    .contains("flow", "retransmit", "reset", "block_io")
                    .doesNotContain("exec", "exit", "oom_kill", "signal", "cgroup");
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void whereNothingIsPermittedItGoesOnWithUsageAndSaysSo() throws Exception {
        Kernel.assumeProbes();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process agent = start(
                List.of(
                        "setpriv",
                        "--bounding-set",
                        "-bpf,-perfmon,-sys_admin",
                        "--inh-caps",
                        "-bpf,-perfmon,-sys_admin"),
                "--to",
                directory.toString(),
                "--node",
                "alone",
                "--port",
                Integer.toString(port));
        try (HttpClient client = HttpClient.newHttpClient()) {
            awaitRunning(agent);
            assertThat(get(client, port, "/problems"))
                    .contains("Not recorded: block_io, cgroup, exec, exit, flow")
                    .contains("needs the capabilities BPF and PERFMON");
            assertThat(get(client, port, "/healthz")).isEqualTo("ok\n");
            agent.destroy();
            agent.waitFor();

            assertThat(Landed.rows(directory, LandingTable.USAGE))
                    .anyMatch(row -> row.text("kind").equals("node"));
            assertThat(Landed.rows(directory, LandingTable.GAPS))
                    .filteredOn(row -> row.text("kind").equals("exec"))
                    .anyMatch(row -> row.text("reason").contains("BPF and PERFMON"));
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void controlGroupsThatItDoesNotKnowAreAGap() throws Exception {
        Kernel.assumeProbes();
        Path unknown = Files.createDirectory(directory.resolve("unknown"));
        Path to = directory.resolve("recording");
        Process agent = start("--to", to.toString(), "--node", "alone", "--cgroups", unknown.toString());
        try {
            awaitRunning(agent);
            agent.destroy();
            agent.waitFor();

            assertThat(Landed.rows(to, LandingTable.GAPS))
                    .filteredOn(row -> row.text("kind").equals("cgroup"))
                    .anyMatch(row -> row.text("reason").contains("no control groups that the agent knows"));
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void aWrongCallIsAnsweredWithASentence() throws Exception {
        Process agent = start("--node", "x");

        String said = new String(agent.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(agent.waitFor()).isEqualTo(2);
        assertThat(said)
                .contains("it is not said where to record to")
                .contains("Usage: agent --to")
                .doesNotContain("\tat ");
    }

    private static String get(HttpClient client, int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private Process start(String... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    /** @param prefix what starts Java */
    private Process start(List<String> prefix, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(command(arguments));
        return new ProcessBuilder(command).start();
    }

    /** The agent as it is started. */
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What it says until it records. */
    static String awaitRunning(Process agent) throws IOException {
        StringBuilder said = new StringBuilder();
        while (said.indexOf("records into") < 0) {
            String line = agent.errorReader().readLine();
            assertThat(line)
                    .as("what the agent says before it ends, after:%n%s", said)
                    .isNotNull();
            said.append(line).append('\n');
        }
        return said.toString();
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("clusters/node-alone/landing/alone"))) {
            return files.findFirst().orElseThrow();
        }
    }

    private static LandingReader read(Path file) throws IOException {
        LandingReader reader = new LandingReader(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
        while (reader.next().isPresent()) {
            // to its end
        }
        return reader;
    }
}
