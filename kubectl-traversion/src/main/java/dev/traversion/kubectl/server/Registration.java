/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.state.StateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A running server, as it tells of itself in a file only this user can read.
 *
 * @param location of the recording, absolute
 * @param build of the plugin that runs it: another one does not talk to it
 * @param pid its process
 * @param port where it takes requests of this plugin, on loopback
 * @param token proof that a request comes from this user
 * @param background whether it was started for a command, and ends by itself
 */
public record Registration(String location, String build, long pid, int port, String token, boolean background) {

    private static final String SUFFIX = ".properties";

    /** The directory of all registrations. */
    public static Path directory(StateDirectory state) {
        return state.directory("servers");
    }

    private Path file(StateDirectory state) {
        return directory(state).resolve(prefix(location) + pid + SUFFIX);
    }

    private static String prefix(String location) {
        return UUID.nameUUIDFromBytes(location.getBytes(StandardCharsets.UTF_8)) + "-";
    }

    public void write(StateDirectory state) throws IOException {
        new StateFile(file(state))
                .write(Map.of(
                        "location",
                        location,
                        "build",
                        build,
                        "pid",
                        Long.toString(pid),
                        "port",
                        Integer.toString(port),
                        "token",
                        token,
                        "background",
                        Boolean.toString(background)));
    }

    public void delete(StateDirectory state) throws IOException {
        Files.deleteIfExists(file(state));
    }

    /** Servers of a location whose process runs, those in the foreground first. Files of servers that died are removed. */
    public static List<Registration> of(String location, StateDirectory state) throws IOException {
        return running(state, prefix(location));
    }

    /** All servers whose process runs. */
    public static List<Registration> all(StateDirectory state) throws IOException {
        return running(state, "");
    }

    private static List<Registration> running(StateDirectory state, String prefix) throws IOException {
        List<Registration> running = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(state), prefix + "*" + SUFFIX)) {
            for (Path file : files) {
                Optional<Registration> registration = new StateFile(file).read().flatMap(Registration::parse);
                if (registration.isPresent() && isAlive(registration.get().pid())) {
                    running.add(registration.get());
                } else {
                    Files.deleteIfExists(file);
                }
            }
        }
        running.sort(Comparator.comparing(Registration::background).thenComparingLong(Registration::pid));
        return running;
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static Optional<Registration> parse(Map<String, String> values) {
        try {
            return Optional.of(new Registration(
                    values.getOrDefault("location", ""),
                    values.getOrDefault("build", ""),
                    Long.parseLong(values.getOrDefault("pid", "")),
                    Integer.parseInt(values.getOrDefault("port", "")),
                    values.getOrDefault("token", ""),
                    Boolean.parseBoolean(values.getOrDefault("background", ""))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
