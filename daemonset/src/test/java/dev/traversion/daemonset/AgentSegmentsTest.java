/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.archive.landing.LandingTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments that were refused, or had to be sent again: on the real kernel. */
class AgentSegmentsTest {

    @TempDir
    private Path landing;

    @BeforeEach
    void probesCanBeLoaded() throws IOException {
        Kernel.assumeProbes();
    }

    @Test
    void aConnectionThatOneSideBreaksOffIsAResetOnTheOther() throws Exception {
        try (Agent agent = agent();
                ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket connecting = new Socket(listening.getInetAddress(), listening.getLocalPort())) {
            int client = connecting.getLocalPort();
            try (Socket accepted = listening.accept()) {
                // What is not sent yet is thrown away.
                accepted.setSoLinger(true, 0);
            }

            await(agent, "reset_received", client, listening.getLocalPort());
        }
    }

    @Test
    void aSegmentThatNobodyTakesIsSentAgain() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (Agent agent = agent();
                ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // It accepts none, so soon there is no place for another one.
            try {
                for (int i = 0; i < 10; i++) {
                    Socket socket = new Socket();
                    waiting.add(socket);
                    socket.connect(new InetSocketAddress(busy.getInetAddress(), busy.getLocalPort()), 3000);
                }
                throw new AssertionError("ten connections had a place where there is one");
            } catch (SocketTimeoutException e) {
                Landed.await(
                        agent,
                        landing,
                        LandingTable.FLOWS,
                        row -> row.text("kind").equals("retransmit")
                                && row.number("remote_port") == busy.getLocalPort());
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private Agent agent() throws IOException {
        return new Agent(AgentOptions.defaults(landing, "test").withLimits(0, 4 << 20, 4 << 20));
    }

    private void await(Agent agent, String kind, int local, int remote) throws Exception {
        Landed.await(
                agent,
                landing,
                LandingTable.FLOWS,
                row -> row.text("kind").equals(kind)
                        && row.number("local_port") == local
                        && row.number("remote_port") == remote);
    }
}
