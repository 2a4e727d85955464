/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.daemonset.Landed.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to a server of names, which is one of this test: over the real kernel's loopback. */
class AgentDnsTest {

    private static final int NO_SUCH_NAME = 3;
    private static final int TYPE_AAAA = 28;
    private static final int ANSWER = 0x80;
    private static final int HEADER = 12;

    @TempDir
    private Path landing;

    private final InetAddress address = loopback();

    @BeforeEach
    void probesCanBeLoaded() throws IOException {
        Kernel.assumeProbes();
        Kernel.assumeRoot();
    }

    @Test
    void whatWasAskedAndWhatBecameOfItIsOnRecord() throws Exception {
        try (Agent agent = agent();
                DatagramSocket server = new DatagramSocket(new InetSocketAddress(address, 53));
                DatagramSocket client = new DatagramSocket(new InetSocketAddress(address, 0))) {
            assertThat(agent.unusable()).isEmpty();
            ask(client, 1, List.of("db", "shop", "svc"));
            answer(server, 0);
            ask(client, 2, List.of("nowhere", "example"));
            answer(server, NO_SUCH_NAME);
            ask(client, 3, List.of("odd.\u00e4 \\"));
            answer(server, 0);
            for (int attempt = 0; attempt < 2; attempt++) {
                ask(client, 4, List.of("silent", "x".repeat(63), "y".repeat(63)));
            }

            Row found = await(agent, "db.shop.svc");
            assertThat(found.text("kind")).isEqualTo("answered");
            assertThat(found.number("code")).isZero();
            assertThat(found.number("type")).isEqualTo(TYPE_AAAA);
            assertThat(found.number("took")).isPositive();
            assertThat(found.number("pid")).isEqualTo(ProcessHandle.current().pid());
            assertThat(found.text("server_address")).isEqualTo(address.getHostAddress());
            assertThat(found.number("server_port")).isEqualTo(53);
            assertThat(await(agent, "nowhere.example").number("code")).isEqualTo(NO_SUCH_NAME);
            await(agent, "odd\\046\\195\\164\\032\\092");
            Row silent = await(agent, "silent." + "x".repeat(63) + "." + "y".repeat(63));
            assertThat(silent.text("kind")).isEqualTo("unanswered");
            assertThat(silent.number("attempts")).isEqualTo(2);
            assertThat(silent.number("took")).isZero();
        }
    }

    @Test
    void itIsNotRecordedUnlessItIsAskedFor() throws Exception {
        try (Agent agent = new Agent(AgentOptions.defaults(landing, "test"))) {
            agent.drain();
            agent.flush();

            assertThat(Landed.rows(landing, LandingTable.GAPS))
                    .anyMatch(row ->
                            row.text("kind").equals("dns") && row.text("reason").equals("it is not asked for"));
        }
    }

    private Agent agent() throws IOException {
        return new Agent(AgentOptions.defaults(landing, "test").withEvents(Set.of(EventClass.DNS)));
    }

    private Row await(Agent agent, String name) throws Exception {
        return Landed.await(
                agent, landing, LandingTable.DNS, row -> row.text("name").equals(name));
    }

    private void ask(DatagramSocket client, int id, List<String> labels) throws IOException {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        question.writeBytes(new byte[] {0, (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : labels) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            question.write(bytes.length);
            question.writeBytes(bytes);
        }
        question.writeBytes(new byte[] {0, 0, TYPE_AAAA, 0, 1});
        client.send(new DatagramPacket(question.toByteArray(), question.size(), new InetSocketAddress(address, 53)));
    }

    /** Its question, with a header that says that it is an answer. */
    private static void answer(DatagramSocket server, int code) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        server.receive(packet);
        assertThat(packet.getLength()).isGreaterThan(HEADER);
        packet.getData()[2] |= (byte) ANSWER;
        packet.getData()[3] = (byte) code;
        server.send(packet);
    }

    /** One that no other server listens at: tests run side by side. */
    static InetAddress loopback() {
        try {
            long pid = ProcessHandle.current().pid();
            return InetAddress.getByAddress(
                    new byte[] {127, (byte) (pid >> 14 & 127), (byte) (pid >> 7 & 127), (byte) (1 + (pid & 63))});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
