/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A process that records what happens on the machine, until it is closed. */
abstract class Observer implements AutoCloseable {

    private final Process process;

    Observer(Process process) {
        this.process = process;
    }

    long pid() {
        return process.pid();
    }

    /** What all its threads have used, ns. */
    double cpuNanos() throws IOException {
        double sum = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                sum += Double.parseDouble(
                        Files.readString(thread.resolve("schedstat")).split(" ")[0]);
            }
        }
        return sum;
    }

    /** The memory it has now, MiB. */
    double residentMiB() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/" + pid() + "/status"));
        String line = status.stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
