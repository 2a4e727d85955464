/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** "kubectl traversion record" of a cluster, until it is closed. */
final class Recorder implements AutoCloseable {

    private static final long LIMIT_SECONDS = 90;

    private final Process process;
    private final Path log;

    /** Returns when all that exists has been recorded once. */
    Recorder(Program program, Path kubeconfig, Path recording, Path log) throws IOException, InterruptedException {
        this.log = log;
        process = program.builder(
                        List.of("record", "--kubeconfig", kubeconfig.toString(), "--to", recording.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!Files.readString(log).contains("first lists complete")) {
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
