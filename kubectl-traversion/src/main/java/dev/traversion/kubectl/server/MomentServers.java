/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The servers of this user's recordings: asks one that runs, or starts one in the background. */
public final class MomentServers {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 15;

    private final StateDirectory state;
    private final String build;
    private final List<String> serveCommand;
    private final Consumer<String> notes;

    /**
     * @param serveCommand runs this plugin's {@code serve}; a location is added to it
     * @param notes told what takes its time
     */
    public MomentServers(StateDirectory state, String build, List<String> serveCommand, Consumer<String> notes) {
        this.state = state;
        this.build = build;
        this.serveCommand = List.copyOf(serveCommand);
        this.notes = notes;
    }

    /**
     * Asks the server of a recording, which is started if there is none.
     *
     * @throws TraversionException if the recording cannot be served, or the moment is refused
     */
    public MomentAnswer ask(String location, MomentRequest request) throws IOException {
        Optional<MomentAnswer> answer = askRunning(location, request);
        if (answer.isPresent()) {
            return answer.get();
        }
        start(location);
        return askRunning(location, request)
                .orElseThrow(() -> new TraversionException(
                        "The server of " + location + " ended at once. Its log: " + log(location)));
    }

    private Optional<MomentAnswer> askRunning(String location, MomentRequest request) throws IOException {
        for (Registration server : Registration.of(location, state)) {
            if (server.build().equals(build)) {
                try {
                    return Optional.of(ControlSocket.ask(server, request));
                } catch (IOException e) {
                    // Another process has its pid now, or it is just ending.
                    server.delete(state);
                }
            } else if (server.background()) {
                stop(server);
            }
        }
        return Optional.empty();
    }

    private void start(String location) throws IOException {
        notes.accept("Opening " + location + " in the background (it closes when unused for 30 minutes)");
        Path log = log(location);
        Files.deleteIfExists(log);
        List<String> command = new ArrayList<>();
        // The shell makes it deaf to Ctrl-C and to the terminal's end, which are for the command in front.
        command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        command.addAll(serveCommand);
        command.add(location);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.directory(Path.of("/").toFile());
        Process process = builder.start();
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (Registration.of(location, state).stream()
                .noneMatch(server -> server.build().equals(build))) {
            try {
                if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new TraversionException(complaint(log));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TraversionException("Interrupted while opening " + location + ".", e);
            }
            if (System.nanoTime() - limit > 0) {
                process.destroy();
                throw new TraversionException("Opening " + location + " took more than " + START_LIMIT.toMinutes()
                        + " minutes. Its log: " + log);
            }
        }
    }

    private Path log(String location) {
        return Registration.directory(state).resolve(Locations.name(location) + ".log");
    }

    /** What the server said before it ended. */
    private static String complaint(Path log) throws IOException {
        String text = Files.exists(log) ? Files.readString(log).strip() : "";
        String sentence = text.startsWith("error: ") ? text.substring("error: ".length()) : text;
        return sentence.isEmpty() ? "The server of the recording ended at once and said nothing." : sentence;
    }

    /** Ends the servers running in the background, and says how many there were. */
    public int stopAll() throws IOException {
        int count = 0;
        for (Registration server : Registration.all(state)) {
            if (server.background()) {
                stop(server);
                count++;
            }
        }
        return count;
    }

    private void stop(Registration server) throws IOException {
        try {
            ControlSocket.stop(server);
        } catch (IOException e) {
            System.getLogger(MomentServers.class.getName())
                    .log(System.Logger.Level.DEBUG, "server " + server.pid() + " is gone already", e);
        }
        server.delete(state);
    }
}
