/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.daemonset.Landed.Row;
import dev.traversion.daemonset.logs.LogRules;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there when the agent begins, and how programs begin. */
class AgentStartTest {

    @TempDir
    private Path landing;

    @BeforeEach
    void probesCanBeLoaded() throws IOException {
        Kernel.assumeProbes();
    }

    @Test
    void connectionsThatWereOpenBeforeTheAgentAreOnRecordAndSeenToEnd() throws Exception {
        long pid = ProcessHandle.current().pid();
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Connection connection = Connection.to(listening);
                Agent agent = new Agent(AgentOptions.defaults(landing, "test").withLimits(0, 4 << 20, 4 << 20))) {
            int server = listening.getLocalPort();
            int client = connection.connecting().getLocalPort();

            Row open = await(agent, "open", client, server);
            await(agent, "open", server, client);
            connection.connecting().getOutputStream().write(new byte[99]);
            assertThat(connection.accepted().getInputStream().readNBytes(99)).hasSize(99);
            connection.end();
            Row connected = await(agent, "connected", client, server);
            Row received = await(agent, "accepted", server, client);

            assertThat(open.number("pid")).isEqualTo(pid);
            assertThat(open.number("started")).isZero();
            assertThat(connected.number("sent_bytes")).isEqualTo(99);
            assertThat(connected.number("pid")).isEqualTo(pid);
            assertThat(connected.number("started")).isZero();
            assertThat(received.number("received_bytes")).isEqualTo(99);
            assertThat(received.number("pid")).isEqualTo(pid);
        }
    }

    /** As an agent in a Pod is: it sees no process but its own in /proc. */
    @Test
    void processesOutsideOfTheAgentsOwnNamespaceAreOnRecord() throws Exception {
        Kernel.assumeRoot();
        Process outside = new ProcessBuilder("sleep", "600").start();
        ProcessBuilder inside = new ProcessBuilder("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
        inside.command().addAll(MainTest.command("--to", landing.toString(), "--node", "alone"));
        Process agent = inside.start();
        try {
            MainTest.awaitRunning(agent);
            long end = System.nanoTime() + 60_000_000_000L;
            while (Landed.rows(landing, LandingTable.PROCESS_EVENTS).stream()
                    .noneMatch(row -> row.is("running", outside.pid()))) {
                assertThat(System.nanoTime()).as("still not seen").isLessThan(end);
                Thread.sleep(50);
            }
        } finally {
            // A namespace's first process is not told of signals by the one that made it, but goes with it.
            agent.destroyForcibly().waitFor();
            outside.destroyForcibly().waitFor();
        }
    }

    @Test
    void argumentsAreOnRecordMaskedAndWhateverBytesTheyHave() throws Exception {
        MaskingKey key = MaskingKey.load(landing.resolve("masking.key"));
        String rules =
                "{'namespaces': [], 'masking': {'patterns': ['order-[0-9]+'], 'namespaces': {'bank': {'patterns': ['iban-[0-9]+']}}}}";
        Masking masking =
                LogRules.parse(rules.replace('\'', '"'), "the test", key).anywhere();
        AgentOptions options = AgentOptions.defaults(landing.resolve("rows"), "test")
                .withLimits(0, 4 << 20, 4 << 20)
                .withEvents(Set.of(EventClass.PROCESSES, EventClass.ARGUMENTS))
                .withMasking(() -> masking);
        try (Agent agent = new Agent(options)) {
            // Bytes that are no UTF-8, and a secret each way.
            Process plain = new ProcessBuilder(
                            "bash",
                            "-c",
                            "exec /bin/true $'a\\x01\\xffb' 'two words' --password hunter2hunter2 --token=s3cr3ts3cr3t order-17 iban-9 '' last")
                    .start();
            plain.waitFor();
            Process longOne = new ProcessBuilder("/bin/true", "x".repeat(2000)).start();
            longOne.waitFor();

            Row row = await(agent, plain.pid(), "/bin/true");
            assertThat(row.text("command_line"))
                    .contains("'a\\x01\ufffdb' 'two words' --password ")
                    .contains("--token=")
                    .endsWith(" '' last")
                    .doesNotContain("hunter2")
                    .doesNotContain("s3cr3t")
                    .doesNotContain("order-17")
                    // Whose namespace it was in nobody knows on the node.
                    .doesNotContain("iban-9");
            assertThat(row.number("cut")).isZero();
            Row cut = await(agent, longOne.pid(), "/bin/true x");
            assertThat(cut.number("cut")).isEqualTo("/bin/true".length() + 1 + 2000 + 1 - 512);
        }
    }

    /** Both ends of it. */
    private record Connection(Socket connecting, Socket accepted) implements AutoCloseable {

        static Connection to(ServerSocket server) throws IOException {
            Socket connecting = new Socket(server.getInetAddress(), server.getLocalPort());
            return new Connection(connecting, server.accept());
        }

        void end() throws IOException {
            connecting.close();
            accepted.close();
        }

        @Override
        public void close() throws IOException {
            end();
        }
    }

    private Row await(Agent agent, long pid, String begin) throws Exception {
        return Landed.await(
                agent,
                landing.resolve("rows"),
                LandingTable.ARGUMENTS,
                row -> row.number("pid") == pid && row.text("command_line").startsWith(begin));
    }

    private Row await(Agent agent, String kind, int local, int remote) throws Exception {
        return Landed.await(
                agent,
                landing,
                LandingTable.FLOWS,
                row -> row.text("kind").equals(kind)
                        && row.number("local_port") == local
                        && row.number("remote_port") == remote);
    }
}
