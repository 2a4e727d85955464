/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files that hold tokens: whole or not at all, and readable by this user alone unless told otherwise. */
public final class PrivateFile {

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private PrivateFile() {}

    /** Replaces a file's content, or makes the file. */
    public static void write(Path file, String content) throws IOException {
        write(file, content, PRIVATE);
    }

    /** As {@link #write(Path, String)}, with other permissions. */
    public static void write(Path file, String content, Set<PosixFilePermission> permissions) throws IOException {
        Path next = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                "." + file.getFileName(),
                ".next",
                PosixFilePermissions.asFileAttribute(PRIVATE));
        try {
            Files.setPosixFilePermissions(next, permissions);
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
