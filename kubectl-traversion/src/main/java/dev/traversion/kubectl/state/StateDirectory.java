/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.state;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Where the plugin keeps its state, for this user alone: TRAVERSION_STATE_DIR, else {@code traversion} under XDG_STATE_HOME, else
 * {@code ~/.local/state/traversion}.
 */
public record StateDirectory(Path path) {

    public static StateDirectory of(Map<String, String> environment) {
        String own = environment.getOrDefault("TRAVERSION_STATE_DIR", "");
        if (!own.isEmpty()) {
            return new StateDirectory(Path.of(own).toAbsolutePath());
        }
        String stateHome = environment.getOrDefault("XDG_STATE_HOME", "");
        Path states =
                stateHome.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(stateHome);
        return new StateDirectory(states.resolve("traversion").toAbsolutePath());
    }

    /** A file or directory in it; the directories above are made. */
    public Path resolve(String first, String... more) {
        Path file = path.resolve(Path.of(first, more));
        makePrivate(file.getParent());
        return file;
    }

    /** A directory in it, made if it is missing, that only this user can enter. */
    public Path directory(String first, String... more) {
        Path directory = path.resolve(Path.of(first, more));
        makePrivate(directory);
        return directory;
    }

    private static void makePrivate(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new TraversionException(
                    "Cannot make " + directory + ": " + e.getMessage()
                            + ". Set TRAVERSION_STATE_DIR to a directory that can be written.",
                    e);
        }
    }
}
