/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The recording of the demo's incident, unpacked.
 *
 * @param before a moment at which all was well
 * @param after a moment at which the rollout was broken
 */
public record KeptRecording(Path location, String before, String after) {

    public static KeptRecording unpack(Path directory) throws IOException, InterruptedException {
        return unpack("recording.tar.gz", directory);
    }

    /** Of the same incident another time, when an agent recorded processes, connections, lookups, usage and logs. */
    public static KeptRecording unpackWithAgent(Path directory) throws IOException, InterruptedException {
        return unpack("recording-with-agent.tar.gz", directory);
    }

    private static KeptRecording unpack(String name, Path directory) throws IOException, InterruptedException {
        Path archive = Path.of(System.getProperty("traversion.root"), "e2e/demo", name);
        Files.createDirectories(directory);
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", directory.toString())
                .inheritIO()
                .start();
        if (tar.waitFor() != 0) {
            throw new IllegalStateException("tar cannot unpack " + archive);
        }
        return new KeptRecording(
                directory.resolve("recording"),
                Files.readString(directory.resolve("before")).strip(),
                Files.readString(directory.resolve("after")).strip());
    }
}
