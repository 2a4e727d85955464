/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import dev.traversion.daemonset.Agent;
import dev.traversion.daemonset.AgentOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What taking over an event costs the agent, and what its row takes on the disk: signals that a shell sends to itself. */
public final class AgentBenchmark {

    private static final int ROUNDS = 8;
    private static final int SIGNALS = 50_000;
    private static final int RING = 64 << 20;

    private AgentBenchmark() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("traversion-agent");
        AgentOptions options = AgentOptions.defaults(directory, "bench").withLimits(0, RING, RING);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (Agent agent = new Agent(options)) {
            agent.drain();
            agent.flush();
            for (int round = 1; round <= ROUNDS; round++) {
                storm();
                long eventsBefore = agent.progress().drained();
                long bytesBefore = agent.progress().bytes();
                long before = threads.getCurrentThreadCpuTime();
                agent.drain();
                long drained = threads.getCurrentThreadCpuTime();
                agent.flush();
                long flushed = threads.getCurrentThreadCpuTime();
                long events = agent.progress().drained() - eventsBefore;
                System.out.printf(
                        "agent: %d events, drain %.0f ns, flush %.0f ns, %.1f bytes an event%n",
                        events,
                        (double) (drained - before) / events,
                        (double) (flushed - drained) / events,
                        (double) (agent.progress().bytes() - bytesBefore) / events);
            }
        } finally {
            delete(directory);
        }
    }

    private static void storm() throws IOException, InterruptedException {
        String loop = "trap : TERM; for ((i = 0; i < " + SIGNALS + "; i++)); do kill -TERM $$; done";
        int result = new ProcessBuilder("bash", "-c", loop).inheritIO().start().waitFor();
        if (result != 0) {
            throw new IllegalStateException("bash ended with " + result);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
