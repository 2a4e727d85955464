/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code kubectl port-forward} in the background: the way to a server that only the cluster reaches.
 *
 * @param port on loopback
 * @param started when, as the system tells it: it tells this process from a later one with the same pid
 */
record Forward(int port, long pid, String started) {

    private static final Pattern LISTENING = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) ");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    /**
     * Starts one.
     *
     * @param log where kubectl says what it does
     * @throws TraversionException what kubectl says, if it does not come about
     */
    static Forward start(LiveKubectl kubectl, RewindService service, Path log) throws IOException {
        Files.deleteIfExists(log);
        // The shell makes it deaf to Ctrl-C and to the terminal's end, which are for the command in front.
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        command.addAll(kubectl.command(
                "port-forward",
                "-n",
                service.namespace(),
                "service/" + service.name(),
                "--address",
                "127.0.0.1",
                ":443"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(kubectl.environment());
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        Process process = builder.start();
        long end = System.nanoTime() + LIMIT.toNanos();
        try {
            while (process.isAlive() && System.nanoTime() - end < 0) {
                Matcher listening = LISTENING.matcher(Files.readString(log));
                if (listening.find()) {
                    return new Forward(
                            Integer.parseInt(listening.group(1)), process.pid(), startOf(process.toHandle()));
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroy();
        String said = Files.readString(log).lines().findFirst().orElse("it said nothing");
        throw new TraversionException("The server of the past in the cluster cannot be reached: kubectl port-forward to"
                + " service/" + service.name() + " in " + service.namespace() + ": "
                + said.replaceFirst("^error: ", "") + ". It needs get on services, list on pods, and create on"
                + " pods/portforward there.");
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    /** Ends it, if it is still that process. */
    void stop() {
        process().ifPresent(ProcessHandle::destroy);
    }

    private Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(process -> process.isAlive() && startOf(process).equals(started));
    }
}
