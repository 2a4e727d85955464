/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** "kubectl traversion record" of a cluster, or of its node, until it is closed. */
final class Recorder implements AutoCloseable {

    private static final long LIMIT_SECONDS = 90;

    private final Process process;
    private final Path log;

    /** Returns when all that exists has been recorded once. */
    static Recorder ofCluster(Program program, Path kubeconfig, Path recording, Path log)
            throws IOException, InterruptedException {
        return new Recorder(program, kubeconfig, recording, List.of(), "first lists complete", log);
    }

    /**
     * What processes do on this machine, and what containers log; returns when it is being recorded.
     *
     * @param logs where the kubelet keeps what containers log
     */
    static Recorder ofNode(Program program, Path kubeconfig, String node, Path logs, Path recording, Path log)
            throws IOException, InterruptedException {
        return new Recorder(
                program,
                kubeconfig,
                recording,
                List.of(
                        "--node",
                        "--node-name",
                        node,
                        "--events",
                        "processes,kills,connections,disks,dns",
                        "--logs",
                        "--logs-folder",
                        logs.toString()),
                "records into",
                log);
    }

    /** @param awaited what it says once it records */
    private Recorder(Program program, Path kubeconfig, Path recording, List<String> options, String awaited, Path log)
            throws IOException, InterruptedException {
        this.log = log;
        List<String> arguments =
                new ArrayList<>(List.of("record", "--kubeconfig", kubeconfig.toString(), "--to", recording.toString()));
        arguments.addAll(options);
        process = program.builder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!Files.readString(log).contains(awaited)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IllegalStateException("the recorder does not record: " + Files.readString(log));
            }
            Thread.sleep(200);
        }
    }

    /** Ends it as Ctrl-C does, with everything sealed. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the recorder did not end: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
