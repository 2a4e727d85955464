/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The plugin, as users run it, with a state directory of its own. */
final class Program {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long SAMPLE_MILLIS = 10;

    private final Path plugin;
    private final Path directory;

    /**
     * What a command left behind.
     *
     * @param millis how long it took, the start of its Java included
     * @param peakBytes the most memory it had resident; 0 where that cannot be known
     */
    record Ended(int status, String out, String err, long millis, long peakBytes) {}

    /** @param directory for its state and output */
    Program(Path plugin, Path directory) throws IOException {
        this.plugin = plugin;
        this.directory = Files.createDirectories(directory);
    }

    ProcessBuilder builder(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(plugin.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put("TRAVERSION_STATE_DIR", directory.resolve("state").toString());
        builder.environment().remove("TRAVERSION_RECORDING");
        return builder;
    }

    /** Runs it to its end, whatever that is. */
    Ended run(List<String> arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", ".json");
        Path err = Files.createTempFile(directory, "err", ".log");
        try {
            long began = System.nanoTime();
            Process process = builder(arguments)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            long peak = 0;
            while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, peakOf(process.pid()));
                if (System.nanoTime() - began > LIMIT.toNanos()) {
                    process.destroyForcibly();
                    throw new IllegalStateException(
                            String.join(" ", arguments) + " did not end within " + LIMIT.toSeconds() + " s");
                }
            }
            long millis = (System.nanoTime() - began) / 1_000_000;
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err), millis, peak);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The standard output. */
    String output(List<String> arguments) throws IOException, InterruptedException {
        Ended ended = run(arguments);
        if (ended.status() != 0) {
            throw new IllegalStateException("kubectl traversion " + String.join(" ", arguments) + " failed: "
                    + ended.err().strip());
        }
        return ended.out();
    }

    /** Where Linux tells it. */
    private static long peakOf(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
            return 0;
        } catch (IOException e) {
            // It has ended, or this is another system.
            return 0;
        }
    }
}
