/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.state.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kubectl port-forward} in the background: the way to a server that only the cluster reaches. One at a time. */
final class Forward {

    private static final Pattern LISTENING = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) ");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    private final StateFile file;
    private final Path log;

    Forward(StateDirectory state) {
        Path folder = state.directory("forward");
        this.file = new StateFile(folder.resolve("forward.properties"));
        this.log = folder.resolve("forward.log");
    }

    /**
     * Starts one in place of the one there was.
     *
     * @return the port on loopback
     * @throws TraversionException what kubectl says, if it does not come about
     */
    int start(LiveKubectl kubectl, RewindService service) throws IOException {
        stop();
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
        Instant started = process.info().startInstant().orElse(Instant.EPOCH);
        file.write(Map.of("pid", Long.toString(process.pid()), "started", started.toString()));
        long end = System.nanoTime() + LIMIT.toNanos();
        try {
            while (process.isAlive() && System.nanoTime() - end < 0) {
                Matcher listening = LISTENING.matcher(Files.readString(log));
                if (listening.find()) {
                    return Integer.parseInt(listening.group(1));
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

    /** Ends the one that was started, if it is still that process. */
    void stop() throws IOException {
        Optional<Map<String, String>> known = file.read();
        if (known.isPresent()) {
            String started = known.get().getOrDefault("started", "");
            ProcessHandle.of(Long.parseLong(known.get().getOrDefault("pid", "0")))
                    .filter(process -> process.info()
                            .startInstant()
                            .map(Instant::toString)
                            .orElse("")
                            .equals(started))
                    .ifPresent(ProcessHandle::destroy);
            file.delete();
        }
    }
}
