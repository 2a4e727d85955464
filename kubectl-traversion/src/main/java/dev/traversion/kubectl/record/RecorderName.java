/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.record;

import dev.traversion.kubectl.state.PrivateFile;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The name of the log that is kept in a directory: that of the machine, and something nobody else has. Machines may share names, and
 * one may have several recorders.
 */
public final class RecorderName {

    private RecorderName() {}

    /** The name that belongs to a directory; given at the first time. */
    public static String in(Path directory) throws IOException {
        Path file = directory.resolve("name");
        if (!Files.exists(file)) {
            String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9]", "-");
            String name = "plugin-" + host + "-" + UUID.randomUUID().toString().substring(0, 8);
            PrivateFile.write(file, name);
        }
        return Files.readString(file).strip();
    }
}
