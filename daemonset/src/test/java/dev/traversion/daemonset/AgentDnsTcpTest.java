/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.daemonset.Landed.Row;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions over TCP to a server of names, which is one of this test: over the real kernel's loopback. */
class AgentDnsTcpTest {

    private static final int NO_SUCH_NAME = 3;
    private static final int ANSWER = 0x80;

    @TempDir
    private Path landing;

    private final InetAddress address = AgentDnsTest.loopback();

    @BeforeEach
    void probesCanBeLoaded() throws IOException {
        Kernel.assumeProbes();
        Kernel.assumeRoot();
    }

    @Test
    void whatWasAskedOverTcpAndWhatBecameOfItIsOnRecord() throws Exception {
        try (Agent agent = agent(Set.of(EventClass.DNS, EventClass.CONNECTIONS));
                ServerSocket listening = new ServerSocket(53, 5, address);
                Socket client = new Socket(address, 53);
                Socket server = listening.accept()) {
            assertThat(agent.unusable()).isEmpty();
            OutputStream questions = client.getOutputStream();
            questions.write(question(1, "db.shop.svc"));
            answer(server, 0, 0);
            // Two at once, answered the other way round.
            questions.write(both(question(2, "nowhere.example"), question(3, "here.example")));
            byte[] second = read(server);
            byte[] third = read(server);
            server.getOutputStream().write(both(answered(third, 0, 300), answered(second, NO_SUCH_NAME, 0)));
            // Cut after the length of the message, as some servers send it.
            questions.write(question(4, "cut.example"));
            byte[] cut = answered(read(server), 0, 3000);
            server.setTcpNoDelay(true);
            server.getOutputStream().write(cut, 0, 2);
            server.getOutputStream().write(cut, 2, 1500);
            server.getOutputStream().write(cut, 1502, cut.length - 1502);
            questions.write(question(5, "silent.example"));

            Row found = await(agent, "db.shop.svc");
            assertThat(found.text("kind")).isEqualTo("answered");
            assertThat(found.number("code")).isZero();
            assertThat(found.number("type")).isEqualTo(28);
            assertThat(found.number("took")).isPositive();
            assertThat(found.number("attempts")).isEqualTo(1);
            assertThat(found.number("pid")).isEqualTo(ProcessHandle.current().pid());
            assertThat(found.text("server_address")).isEqualTo(address.getHostAddress());
            assertThat(found.number("server_port")).isEqualTo(53);
            assertThat(await(agent, "nowhere.example").number("code")).isEqualTo(NO_SUCH_NAME);
            assertThat(await(agent, "here.example").number("code")).isZero();
            assertThat(await(agent, "cut.example").text("kind")).isEqualTo("answered");
            Row silent = await(agent, "silent.example");
            assertThat(silent.text("kind")).isEqualTo("unanswered");
            assertThat(silent.number("took")).isZero();
            assertThat(Landed.rows(landing, LandingTable.DNS))
                    .filteredOn(row -> row.text("server_address").equals(address.getHostAddress()))
                    .hasSize(5);
        }
    }

    @Test
    void aQuestionOfAnotherProcessIsItsOwnAlsoWithoutTheProbeOfConnections() throws Exception {
        byte[] bytes = new byte[16];
        bytes[15] = 1;
        InetAddress six = InetAddress.getByAddress(bytes);
        String header = "\\0\\021\\0\\007\\001\\0\\0\\001\\0\\0\\0\\0\\0\\0";
        String root = "\\0\\0\\034\\0\\001";
        String ask = "exec 3<>/dev/tcp/::1/53; printf '" + header + root + "' >&3; read -n 3 <&3";
        try (Agent agent = agent(Set.of(EventClass.DNS));
                ServerSocket listening = new ServerSocket(53, 5, six)) {
            Process process = new ProcessBuilder("bash", "-c", ask).start();
            try (Socket server = listening.accept()) {
                answer(server, 0, 0);
            }
            process.waitFor();

            Row row = await(agent, ".");
            assertThat(row.number("pid")).isEqualTo(process.pid());
            assertThat(row.number("type")).isEqualTo(28);
            assertThat(row.text("server_address")).isEqualTo("0:0:0:0:0:0:0:1");
        }
    }

    private Agent agent(Set<EventClass> events) throws IOException {
        return new Agent(AgentOptions.defaults(landing, "test").withEvents(events));
    }

    private Row await(Agent agent, String name) throws Exception {
        return Landed.await(
                agent, landing, LandingTable.DNS, row -> row.text("name").equals(name));
    }

    private static byte[] question(int id, String name) {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        question.writeBytes(new byte[] {0, 0, 0, (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            question.write(label.length());
            question.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        question.writeBytes(new byte[] {0, 0, 28, 0, 1});
        byte[] bytes = question.toByteArray();
        bytes[1] = (byte) (bytes.length - 2);
        return bytes;
    }

    private static byte[] both(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] read(Socket server) throws IOException {
        DataInputStream in = new DataInputStream(server.getInputStream());
        int length = in.readUnsignedShort();
        byte[] message = new byte[2 + length];
        message[1] = (byte) length;
        in.readFully(message, 2, length);
        return message;
    }

    /** A question with a header that says that it is an answer, and so many bytes more. */
    private static byte[] answered(byte[] question, int code, int more) {
        byte[] answer = Arrays.copyOf(question, question.length + more);
        int length = answer.length - 2;
        answer[0] = (byte) (length >> 8);
        answer[1] = (byte) length;
        answer[4] |= (byte) ANSWER;
        answer[5] = (byte) code;
        return answer;
    }

    private static void answer(Socket server, int code, int more) throws IOException {
        server.getOutputStream().write(answered(read(server), code, more));
    }
}
