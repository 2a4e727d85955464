/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.daemonset.Landed.Row;
import dev.traversion.daemonset.event.EventType;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real kernel; everything else that runs on the machine is recorded as well. */
class AgentTest {

    private static final String POD = "0a1b2c3d-1111-4222-8333-0123456789ab";
    private static final String CONTAINER = "f".repeat(63);
    private static final InetAddress LOCALHOST = ipv4();
    private static final int ECONNREFUSED = 111;
    private static final int SIGKILL = 9;
    private static final int SIGSEGV = 11;

    @TempDir
    private Path landing;

    @BeforeEach
    void probesCanBeLoaded() throws IOException {
        Kernel.assumeProbes();
    }

    @Test
    void aProcessIsSeenToBeginAndToEndWithItsCode() throws Exception {
        try (Agent agent = agent()) {
            assertThat(agent.unusable()).isEmpty();
            Process process = new ProcessBuilder("/bin/sh", "-c", "exit 7").start();
            process.waitFor();

            Row exit = await(agent, LandingTable.PROCESS_EVENTS, row -> row.is("exit", process.pid()));
            // The JVM's own helper, which becomes the shell, has the same pid.
            Row exec = await(
                    agent,
                    LandingTable.PROCESS_EVENTS,
                    row -> row.is("exec", process.pid()) && row.text("file").equals("/bin/sh"));

            assertThat(exec.text("command")).isEqualTo("sh");
            assertThat(exec.number("arguments")).isEqualTo(3);
            assertThat(exec.number("parent_pid"))
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(exit.number("exit_code")).isEqualTo(7);
            assertThat(exit.number("signal")).isZero();
            assertThat(exit.number("process_start"))
                    .isEqualTo(exec.number("process_start"))
                    .isPositive();
            assertThat(exit.number("time")).isGreaterThan(exec.number("time"));
            assertThat(exit.number("resident_bytes")).isPositive();
        }
    }

    @Test
    void aProcessThatDiesOfASignalIsSeenWithTheSignalAndItsSender() throws Exception {
        try (Agent agent = agent()) {
            Process process = new ProcessBuilder("/bin/sh", "-c", "kill -SEGV $$; sleep 60").start();
            process.waitFor();

            Row signal = await(agent, LandingTable.PROCESS_EVENTS, row -> row.is("signal", process.pid()));
            Row exit = await(agent, LandingTable.PROCESS_EVENTS, row -> row.is("exit", process.pid()));

            assertThat(signal.number("signal")).isEqualTo(SIGSEGV);
            assertThat(signal.number("sender_pid")).isEqualTo(process.pid());
            assertThat(signal.text("sender_command")).isEqualTo("sh");
            assertThat(exit.number("signal")).isEqualTo(SIGSEGV);
            assertThat(exit.number("exit_code")).isZero();
        }
    }

    @Test
    void aProcessKilledForWantOfMemoryIsSeenWithItsPodAndContainer() throws Exception {
        try (Agent agent = agent();
                TestCgroup cgroup = TestCgroup.create(POD, CONTAINER + "1")) {
            cgroup.limitMemory(16 << 20);
            Process process = cgroup.start("exec tail /dev/zero");
            process.waitFor();

            Row kill = await(agent, LandingTable.PROCESS_EVENTS, row -> row.is("oom_kill", process.pid()));
            Row exit = await(agent, LandingTable.PROCESS_EVENTS, row -> row.is("exit", process.pid()));

            assertThat(kill.text("pod_uid")).isEqualTo(POD);
            assertThat(kill.text("container_id")).isEqualTo(CONTAINER + "1");
            assertThat(kill.text("command")).isEqualTo("tail");
            assertThat(kill.number("resident_bytes")).isGreaterThan(4 << 20);
            assertThat(exit.number("signal")).isEqualTo(SIGKILL);
            assertThat(exit.number("cgroup")).isEqualTo(kill.number("cgroup")).isEqualTo(cgroup.id());
            Row made = await(
                    agent,
                    LandingTable.CGROUPS,
                    row -> row.text("kind").equals("made") && row.number("cgroup") == cgroup.id());
            assertThat(made.text("path")).endsWith("/pod" + POD + "/" + CONTAINER + "1");
        }
    }

    @Test
    void aContainerThatIsGoneStillHasItsPod() throws Exception {
        try (Agent agent = agent()) {
            long id;
            long pid;
            try (TestCgroup cgroup = TestCgroup.create(POD, CONTAINER + "2")) {
                Process process = cgroup.start("exit 3");
                process.waitFor();
                pid = process.pid();
                id = cgroup.id();
            }

            Row exit = await(agent, LandingTable.PROCESS_EVENTS, row -> row.is("exit", pid));
            await(agent, LandingTable.CGROUPS, row -> row.text("kind").equals("removed") && row.number("cgroup") == id);

            assertThat(exit.text("container_id")).isEqualTo(CONTAINER + "2");
            assertThat(exit.number("exit_code")).isEqualTo(3);
        }
    }

    @Test
    void aConnectionIsOneRowOnEachSideWhenItEnds() throws Exception {
        try (Agent agent = agent()) {
            int server;
            int client;
            try (ServerSocket listening = new ServerSocket(0, 5, LOCALHOST)) {
                server = listening.getLocalPort();
                try (Socket connecting = new Socket(LOCALHOST, server);
                        Socket accepted = listening.accept()) {
                    client = connecting.getLocalPort();
                    connecting.getOutputStream().write(new byte[1234]);
                    assertThat(accepted.getInputStream().readNBytes(1234)).hasSize(1234);
                    accepted.getOutputStream().write(new byte[77]);
                    assertThat(connecting.getInputStream().readNBytes(77)).hasSize(77);
                }
            }

            Row connected = await(agent, LandingTable.FLOWS, row -> flow(row, "connected", client, server));
            Row accepted = await(agent, LandingTable.FLOWS, row -> flow(row, "accepted", server, client));

            assertThat(connected.text("local_address")).isEqualTo("127.0.0.1");
            assertThat(connected.text("remote_address")).isEqualTo("127.0.0.1");
            assertThat(connected.number("sent_bytes")).isEqualTo(1234);
            assertThat(connected.number("received_bytes")).isEqualTo(77);
            assertThat(connected.number("error")).isZero();
            assertThat(accepted.number("sent_bytes")).isEqualTo(77);
            assertThat(accepted.number("received_bytes")).isEqualTo(1234);
            assertThat(List.of(connected, accepted))
                    .allMatch(
                            row -> row.number("pid") == ProcessHandle.current().pid())
                    .allMatch(row -> row.number("time") > row.number("started"))
                    .allMatch(row -> row.number("network_namespace") > 0);
        }
    }

    @Test
    void aRefusedConnectionIsAFailure() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, LOCALHOST)) {
            port = free.getLocalPort();
        }
        try (Agent agent = agent();
                Socket socket = new Socket()) {
            Optional<ConnectException> refused = Optional.empty();
            try {
                socket.connect(new InetSocketAddress(LOCALHOST, port));
            } catch (ConnectException e) {
                refused = Optional.of(e);
            }
            assertThat(refused).isPresent();

            Row failed = await(
                    agent,
                    LandingTable.FLOWS,
                    row -> row.text("kind").equals("failed") && row.number("remote_port") == port);

            assertThat(failed.number("error")).isEqualTo(ECONNREFUSED);
            assertThat(failed.number("pid")).isEqualTo(ProcessHandle.current().pid());
        }
    }

    /** G9: whoever makes processes does not wait for the agent, and what is lost for want of space is counted. */
    @Test
    void aForkStormIsNotHeldUpByAnAgentThatDoesNotRead() throws Exception {
        int storm = 400;
        AgentOptions small = AgentOptions.defaults(landing, "test").withLimits(0, 4096, 4096);
        try (Agent agent = new Agent(small)) {
            Process process = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "i=0; while [ $i -lt " + storm + " ]; do /bin/true; i=$((i+1)); done; exit 5")
                    .start();
            assertThat(process.waitFor()).isEqualTo(5);
            agent.flush();

            List<Row> gaps = Landed.rows(landing, LandingTable.GAPS);
            long lost = gaps.stream()
                    .filter(row -> row.text("kind").equals("exec"))
                    .mapToLong(row -> row.number("events"))
                    .sum();
            assertThat(lost).isPositive();
            assertThat(lost + agent.progress().counter(EventType.EXEC).written())
                    .isGreaterThanOrEqualTo(storm);
            assertThat(lost).isEqualTo(agent.progress().counter(EventType.EXEC).lost());
            assertThat(gaps)
                    .filteredOn(row -> !row.text("reason").equals("it is not asked for"))
                    .allMatch(row -> row.text("stage").equals("kernel"))
                    .allMatch(row -> row.number("to_time") > row.number("from_time"))
                    .allMatch(row -> row.text("reason").equals("the ring was full"));

            assertThat(seesAgain(agent)).as("events are taken over again").isTrue();
        }
    }

    /** The ring is small, and others use the machine: not each process is seen at once. */
    private boolean seesAgain(Agent agent) throws Exception {
        for (int i = 0; i < 200; i++) {
            agent.drain();
            Process process = new ProcessBuilder("/bin/sh", "-c", "exit 6").start();
            process.waitFor();
            agent.drain();
            agent.flush();
            if (Landed.rows(landing, LandingTable.PROCESS_EVENTS).stream()
                    .anyMatch(row -> row.is("exit", process.pid()) && row.number("exit_code") == 6)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void oneControlGroupCannotFillTheRecordingAlone() throws Exception {
        AgentOptions limited = AgentOptions.defaults(landing, "test").withLimits(20, 1 << 20, 1 << 20);
        try (Agent agent = new Agent(limited);
                TestCgroup cgroup = TestCgroup.create(POD, CONTAINER + "3")) {
            Process process = cgroup.start("i=0; while [ $i -lt 400 ]; do /bin/true; i=$((i+1)); done; exit 0");
            assertThat(process.waitFor()).isZero();

            Row gap = await(
                    agent,
                    LandingTable.GAPS,
                    row -> row.text("kind").equals("exit") && row.text("reason").contains("more than its limit"));

            assertThat(gap.number("events")).isPositive();
            assertThat(agent.progress().counter(EventType.EXIT).lost()).isZero();
        }
    }

    @Test
    void whatRunsWhenTheAgentBeginsIsOnRecordWithTheClock() throws Exception {
        long pid = ProcessHandle.current().pid();
        long before = System.currentTimeMillis();
        try (Agent agent = agent()) {
            Row running = await(agent, LandingTable.PROCESS_EVENTS, row -> row.is("running", pid));
            Row clock = await(agent, LandingTable.CLOCK, row -> true);

            assertThat(running.text("command")).isNotEmpty();
            assertThat(running.number("process_start")).isPositive().isLessThan(running.number("time"));
            assertThat(clock.number("utc") / 1_000_000).isBetween(before - 1, System.currentTimeMillis() + 1);
            assertThat(clock.text("boot_id")).isNotEmpty();
            assertThat(Landed.rows(landing, LandingTable.CGROUPS))
                    .anyMatch(row -> row.text("kind").equals("present"));
        }
    }

    @Test
    void requestsOfBlockDevicesAreCountedAndSlowOnesTold() throws Exception {
        Path file = Files.createFile(landing.resolve("written"));
        String store = Files.getFileStore(file).name();
        assumeTrue(store.startsWith("/dev/"), "the temporary folder is not on a block device but on " + store);
        AgentOptions allSlow = AgentOptions.defaults(landing, "test").withSlowBlock(0);
        try (Agent agent = new Agent(allSlow)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(64 << 10));
                channel.force(true);
            }

            Row slow = await(
                    agent,
                    LandingTable.BLOCK_IO,
                    row -> row.text("kind").equals("slow")
                            && row.text("operation").equals("write")
                            && row.number("bytes") > 0);
            Row counted = await(
                    agent,
                    LandingTable.BLOCK_IO,
                    row -> row.text("kind").equals("histogram")
                            && row.text("operation").equals("write"));

            assertThat(slow.text("device")).matches("\\d+:\\d+");
            assertThat(slow.number("served")).isPositive();
            assertThat(slow.number("failed")).isZero();
            assertThat(counted.number("requests")).isPositive();
            assertThat(counted.number("at_least_us")).isPositive();
        }
    }

    @Test
    void nothingStaysInTheKernelWhenTheAgentIsClosed() throws Exception {
        List<String> before = Kernel.held();
        try (Agent agent = agent()) {
            assertThat(Kernel.held().size()).isGreaterThan(before.size());
            agent.drain();
        }
        assertThat(Kernel.held()).isEqualTo(before);
    }

    private static InetAddress ipv4() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private Agent agent() throws IOException {
        return new Agent(AgentOptions.defaults(landing, "test").withLimits(0, 4 << 20, 4 << 20));
    }

    private static boolean flow(Row row, String kind, int local, int remote) {
        return row.text("kind").equals(kind)
                && row.number("local_port") == local
                && row.number("remote_port") == remote;
    }

    private Row await(Agent agent, LandingTable table, Predicate<Row> wanted) throws Exception {
        return Landed.await(agent, landing, table, wanted);
    }
}
