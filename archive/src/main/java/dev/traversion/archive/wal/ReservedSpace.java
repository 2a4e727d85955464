/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Space on a disk that is kept for the day it is full: then it is given back, so that the log can say so. For one thread. */
final class ReservedSpace {

    static final int BYTES = 1 << 20;

    private final Path file;

    ReservedSpace(Path directory) {
        this.file = directory.resolve("reserved");
    }

    /**
     * Takes the space, unless it is taken already.
     *
     * @throws IOException if there is no such space
     */
    void take() throws IOException {
        if (Files.exists(file) && Files.size(file) == BYTES) {
            return;
        }
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(BYTES);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
            channel.force(true);
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    void release() throws IOException {
        Files.deleteIfExists(file);
    }
}
