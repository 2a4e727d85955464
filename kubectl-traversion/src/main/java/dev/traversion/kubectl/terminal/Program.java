/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.terminal;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** This program itself, and kubectl: where they are and how they are run. */
public final class Program {

    private Program() {}

    /** The version, as built. */
    public static String version() {
        String version = Program.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Tells builds apart that talk to each other: the version, and what the packaging adds to it. */
    public static String build() {
        return version() + System.getProperty("traversion.build", "");
    }

    /** The command line that runs a command of this program in another process. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        String launcher = System.getProperty("traversion.launcher", "");
        if (!launcher.isEmpty()) {
            command.add(launcher);
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:+UseSerialGC",
                    "-cp"));
            command.add(absoluteClassPath());
            command.add("dev.traversion.kubectl.Main");
        }
        command.addAll(List.of(arguments));
        return command;
    }

    private static String absoluteClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** kubectl: what KUBECTL names, else the first on PATH. */
    public static Optional<Path> kubectl(Map<String, String> environment) {
        String named = environment.getOrDefault("KUBECTL", "");
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(directory, "kubectl");
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
